#!/usr/bin/env python3
"""Accepts any whole numbers whose squares have the sum in the input."""
import sys

with open(sys.argv[1]) as file:
    wanted = int(file.read())
try:
    numbers = [int(word) for word in sys.stdin.read().split()]
except ValueError:
    sys.exit(43)
sys.exit(42 if numbers and sum(number * number for number in numbers) == wanted else 43)
