#!/usr/bin/env python3
import re
import sys

text = open(0, newline="").read()
if not re.fullmatch(r"(0|[1-9]\d*)\n", text) or not 2 <= int(text) <= 10**18:
    sys.exit("expected one integer from 2 to 10**18")
sys.exit(42)
