#!/usr/bin/env python3
import re
import sys

text = sys.stdin.read()
if not re.fullmatch(r"(0|[1-9]\d*)\n", text) or not 100 <= int(text) <= 100:
    sys.exit("expected one integer from 100 to 100")
sys.exit(42)
