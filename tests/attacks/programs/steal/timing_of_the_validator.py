# technique: standard output of one byte at a time, with the time that each write takes, as a hint at the comparison
# source: timing attacks on string comparison
# verdict: WA
# invariant: the answer is compared elsewhere, and not while the program waits
# without: seccomp capabilities network read_only_root
import os, time

for letter in b"0123456789abcdef":
    begun = time.perf_counter_ns()
    for _ in range(100):
        os.write(1, bytes([letter]))
    os.write(2, f"{chr(letter)} {time.perf_counter_ns() - begun}\n".encode())
