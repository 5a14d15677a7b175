#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"(0|[1-9]\d*)\n", text) or not 0 <= int(text) <= 500:
    sys.exit("expected one integer from 0 to 500")
sys.exit(42)
