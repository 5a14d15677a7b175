# technique: output in writes of one byte
# source: THREATS: one-byte writes
# verdict: OLE TLE
# invariant: a write costs the program more than the runner
# without: seccomp capabilities
import os

for _ in range(1 << 20):
    os.write(1, b"1")
