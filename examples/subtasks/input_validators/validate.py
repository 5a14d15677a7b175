#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"(0|-?[1-9]\d*)\n", text) or abs(int(text)) > 10**18:
    sys.exit("expected one integer of at most 10^18")
sys.exit(42)
