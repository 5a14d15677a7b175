#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"[1-9]\d{0,12}\n", text) or not 4 <= int(text) <= 10**12:
    sys.exit("expected one integer from 4 to 10^12")
n = int(text)
if all(n % d for d in range(2, int(n**0.5) + 1)):
    sys.exit(f"{n} is prime")
sys.exit(42)
