import sys

from numbers_of.rome import to_roman

for line in sys.stdin:
    print(to_roman(int(line)))
