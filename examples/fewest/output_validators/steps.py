#!/usr/bin/env python3
import sys

with open(sys.argv[1]) as file:
    wanted = int(file.read())
signs = sys.stdin.read().strip()
number = 1
for sign in signs:
    if sign not in "+*" or number > wanted:
        sys.exit(43)
    number = number + 1 if sign == "+" else number * 2
if number != wanted:
    sys.exit(43)
with open(sys.argv[3] + "score.txt", "w") as file:
    file.write(f"{len(signs)}\n")
sys.exit(42)
