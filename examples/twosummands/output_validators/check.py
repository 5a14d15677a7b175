#!/usr/bin/env python3
"""Accepts any two positive summands of the number in the input."""
import sys

ACCEPT, REJECT = 42, 43


def reject(feedback, for_judges, for_team):
    with open(feedback + "judgemessage.txt", "w") as file:
        file.write(for_judges + "\n")
    with open(feedback + "teammessage.txt", "w") as file:
        file.write(for_team + "\n")
    sys.exit(REJECT)


def main():
    input_file, _answer_file, feedback = sys.argv[1:4]
    with open(input_file) as file:
        wanted = int(file.read())
    words = sys.stdin.read().split()
    try:
        summands = [int(word) for word in words]
    except ValueError:
        reject(feedback, f"no integers: {words[:5]}", "expected two integers")
    if len(summands) != 2 or min(summands) < 1:
        reject(feedback, f"got {summands[:5]}", "expected two positive integers")
    if sum(summands) != wanted:
        reject(feedback, f"{sum(summands)} instead of {wanted}", "the sum is wrong")
    sys.exit(ACCEPT)


main()
