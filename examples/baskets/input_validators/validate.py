#!/usr/bin/env python3
import re
import sys

lines = open(0, newline="").read().split("\n")
if len(lines) != 3 or lines[2]:
    sys.exit("expected two lines")
if not all(re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", line) for line in lines[:2]):
    sys.exit("expected numbers with one blank between them")
n, apples = int(lines[0]), [int(word) for word in lines[1].split()]
if not 1 <= n <= 1000 or n != len(apples) or max(apples) > 10**18:
    sys.exit("expected 1 to 1000 baskets with at most 10**18 apples")
sys.exit(42)
