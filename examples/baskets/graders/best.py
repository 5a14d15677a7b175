#!/usr/bin/env python3
"""Adds the best results of a group. Its argument says how many count."""
import sys

counted = int(sys.argv[1])
results = [line.split() for line in sys.stdin]
accepted = sorted((float(score) for verdict, score in results if verdict == "AC"), reverse=True)
errors = [verdict for verdict, _ in results if verdict != "AC"]
if accepted or not errors:
    print("AC", sum(accepted[:counted]))
else:
    print(errors[0], 0)
