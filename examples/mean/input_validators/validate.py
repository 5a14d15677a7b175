#!/usr/bin/env python3
import re
import sys

match = re.fullmatch(r"(\d{1,4})\n([^\n]+)\n", open(0, newline="").read())
if not match or not 1 <= int(match[1]) <= 1000:
    sys.exit("expected a line with n and a line with n numbers")
words = match[2].split(" ")
if len(words) != int(match[1]) or not all(re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", word) for word in words):
    sys.exit(f"expected {match[1]} real numbers, got {len(words)} words")
sys.exit(42)
