#!/usr/bin/env python3
import re
import sys

first, *rest = open(0, newline="").read().removesuffix("\n").split("\n")
if not re.fullmatch(r"[1-9]\d{0,6}", first) or not 1 <= int(first) <= 10**6:
    sys.exit("expected a number from 1 to 10^6 in line 1")
if len(rest) != int(first) or not all(re.fullmatch(r"-?\d+", line) for line in rest):
    sys.exit(f"expected {first} lines with an integer each behind line 1")
sys.exit(42)
