import re
import sys

line = sys.stdin.read()
assert re.fullmatch(r"\d+ \d+\n", line)
assert all(int(word) <= {{most}} for word in line.split())
sys.exit(42)
