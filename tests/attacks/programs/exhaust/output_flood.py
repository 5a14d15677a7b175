# technique: standard output without end
# source: THREATS: output
# verdict: OLE
# invariant: the worker keeps the window and no more
# without: seccomp capabilities
import os

block = b"x" * (1 << 20)
while True:
    os.write(1, block)
