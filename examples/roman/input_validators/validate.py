#!/usr/bin/env python3
import re
import sys

lines = open(0, newline="").readlines()
for number, line in enumerate(lines, 1):
    if not re.fullmatch(r"[1-9]\d{0,3}\n", line) or int(line) > 3999:
        sys.exit(f"line {number}: expected an integer from 1 to 3999")
sys.exit(42 if lines else "expected a line at least")
