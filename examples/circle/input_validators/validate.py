#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"\d+(\.\d+)?\n", open(0, newline="").read()):
    sys.exit("expected one radius")
sys.exit(42)
