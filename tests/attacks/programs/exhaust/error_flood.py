# technique: standard error without end
# source: THREATS: output
# verdict: OLE
# invariant: what is kept of it is short, and what is counted has a limit
# without: seccomp capabilities
import os

block = b"error\n" * (1 << 16)
while True:
    os.write(2, block)
