#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"[1-9]\d*\n", text) or not 2 <= int(text) <= 1000:
    sys.exit("expected one integer from 2 to 1000")
sys.exit(42)
