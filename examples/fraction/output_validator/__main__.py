"""Accepts every fraction that is near enough; the argument `lowest_terms` asks for more."""
import sys

from feedback import accept, reject
from numbers_of import read_input, read_output


def main():
    input_file, _answer_file, feedback, *arguments = sys.argv[1:]
    x, largest = read_input(input_file)
    found = read_output(sys.stdin.read())
    if found is None:
        reject(feedback, "expected two integers")
    p, q = found
    if not 1 <= q <= largest:
        reject(feedback, f"the denominator {q} is not in 1..{largest}")
    if abs(x * q - p) * largest > q:
        reject(feedback, f"{p}/{q} is too far from {x}")
    if "lowest_terms" in arguments and not in_lowest_terms(p, q):
        reject(feedback, f"{p}/{q} can be reduced")
    accept()


def in_lowest_terms(p, q):
    while q:
        p, q = q, p % q
    return p == 1


main()
