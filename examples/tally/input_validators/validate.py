#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"[a-z]{1,5}\n", open(0, newline="").read()):
    sys.exit("expected a word of up to five small letters")
sys.exit(42)
