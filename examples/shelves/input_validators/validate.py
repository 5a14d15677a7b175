#!/usr/bin/env python3
import re
import sys

if not re.fullmatch(r"-?\d{1,9} -?\d{1,9} -?\d{1,9}\n", open(0, newline="").read()):
    sys.exit("expected one line with three integers of at most nine digits")
sys.exit(42)
