#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"[a-z]+\n", open(0, newline="").read()):
    sys.exit("expected one word of small letters")
sys.exit(42)
