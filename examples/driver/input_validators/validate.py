#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"([1-9]\d{3}\n)+", open(0, newline="").read()):
    sys.exit("expected lines with a year of four digits each")
sys.exit(42)
