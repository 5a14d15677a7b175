#!/usr/bin/env python3
import re
import sys

text = sys.stdin.read()
if not re.fullmatch(r"(0|[1-9]\d*)\n", text) or not 0 <= int(text) <= 3000:
    sys.exit("expected one integer from 0 to 3000")
sys.exit(42)
