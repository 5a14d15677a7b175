# Text outside ASCII: surrogates become bytes on stdout and backslashes on stderr.
import sys, locale
print("ä€😀")
print("ä€😀\udc80", file=sys.stderr)
print(locale.getpreferredencoding(), locale.getlocale(), locale.getencoding(), sys.flags.utf8_mode)
sys.stdout.buffer.write("\udcff\n".encode("utf-8", "surrogateescape"))
print("\udcff")
try:
    print("\ud800")
except UnicodeEncodeError as error:
    print(error)
