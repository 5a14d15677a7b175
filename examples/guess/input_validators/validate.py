#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"(0|[1-9]\d*)\n", text) or not 1 <= int(text) <= 1000:
    sys.exit("expected one integer from 1 to 1000")
sys.exit(42)
