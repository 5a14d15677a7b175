# Lines until the end, as many solutions read them.
import sys
for line in map(str.rstrip, sys.stdin):
    a, b = map(int, line.split())
    sys.stdout.write(f"{a + b}\n")
