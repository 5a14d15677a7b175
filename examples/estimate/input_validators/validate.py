#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"[1-9]\d{0,11}\n", open(0, newline="").read()):
    sys.exit("expected one integer from 1 to 10^12 - 1")
sys.exit(42)
