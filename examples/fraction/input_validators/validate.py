#!/usr/bin/env python3
import re
import sys

match = re.fullmatch(r"(0\.\d+|1\.0)\n([1-9]\d{0,6})\n", open(0, newline="").read())
if not match or int(match[2]) > 10**6:
    sys.exit("expected a decimal fraction from 0 to 1, and a line with an integer up to 10^6")
sys.exit(42)
