#!/usr/bin/env python3
"""Accepts the product modulo {{modulus}}, which the arguments of the group must name too."""
import sys

input_file, _answer_file, _feedback, *arguments = sys.argv[1:]
assert arguments == [str({{modulus}})], arguments
with open(input_file) as file:
    left, right = map(int, file.read().split())
words = sys.stdin.read().split()
sys.exit(42 if words == [str(left * right % {{modulus}})] else 43)
