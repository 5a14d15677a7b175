#!/usr/bin/env python3
import re
import sys

match = re.fullmatch(r"(-?\d{1,19}) (-?\d{1,19})\n", open(0, newline="").read())
if not match or any(str(int(word)) != word or abs(int(word)) > 10**18 for word in match.groups()):
    sys.exit("expected one line with two integers of at most 10^18")
sys.exit(42)
