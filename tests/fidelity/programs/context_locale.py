# The locale at the start, and others that are there.
import locale
print(locale.setlocale(locale.LC_ALL), locale.localeconv()["decimal_point"], locale.getlocale(), locale.strcoll("a", "b"))
print(locale.setlocale(locale.LC_ALL, ""), f"{1234567.5:n}")
for name in ("de_DE.UTF-8", "en_US.UTF-8", "C"):
    try: print(locale.setlocale(locale.LC_ALL, name))
    except locale.Error as error: print(error)
