#!/usr/bin/env python3
import re
import sys

for number, line in enumerate(sys.stdin, 1):
    if not re.fullmatch(r"[1-9]\d{0,3}\n", line) or int(line) > 3999:
        sys.exit(f"line {number}: expected an integer from 1 to 3999")
sys.exit(42)
