import re
import sys

assert re.fullmatch(r"[1-9]\d*\n", sys.stdin.read())
sys.exit(42)
