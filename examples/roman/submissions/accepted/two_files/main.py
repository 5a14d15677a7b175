import sys

from numerals import to_roman

for line in sys.stdin:
    print(to_roman(int(line)))
