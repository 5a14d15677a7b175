#!/usr/bin/env python3
import sys

with open(sys.argv[1]) as file:
    longest = int(file.read())
word = sys.stdin.read().strip()
if not 1 <= len(word) <= longest or word.strip("a"):
    sys.exit(43)
with open(sys.argv[3] + "score.txt", "w") as file:
    file.write(f"{len(word)}\n")
sys.exit(42)
