# Numbers that are too long to be shown.
# ends: exit 1
import sys
print(sys.get_int_max_str_digits(), len(str(10 ** 4000)))
str(10 ** 5000)
