import sys

from answer import is_leap_year

for line in sys.stdin:
    print("leap" if is_leap_year(int(line)) else "common")
