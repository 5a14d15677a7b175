"""Accepts (exit code 42) an input that is as the statement promises, to the last blank."""
import re
import sys

LARGEST = 10**12

line = sys.stdin.read()
assert re.fullmatch(r"(0|-?[1-9][0-9]*) (0|-?[1-9][0-9]*)\n", line), "expected two integers on one line"
assert all(-LARGEST <= int(number) <= LARGEST for number in line.split()), "a number is too large"
sys.exit(42)
