#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"encode [a-z]+\n", open(0, newline="").read()):
    sys.exit("expected the task of the first pass and a word of small letters")
sys.exit(42)
