"""Validator of the interactive workload: asks, waits for the answer, and says how long each round took."""

import sys
import time

ROUNDS = 10_000

started = time.perf_counter()
for number in range(ROUNDS):
    print(number, flush=True)
    if sys.stdin.readline() != f"{number + 1}\n":
        sys.exit(43)
round_us = (time.perf_counter() - started) * 1e6 / ROUNDS
with open(sys.argv[3] + "/judgemessage.txt", "w") as file:
    file.write(f"{round_us}\n")
sys.exit(42)
