# technique: both streams at once, from many processes
# source: THREATS: stdout and stderr at once
# verdict: OLE TLE
# invariant: neither stream can hold up the other
# without: seccomp capabilities
import os

for _ in range(3):
    os.fork()
while True:
    os.write(1, b"x" * 4096)
    os.write(2, b"y" * 4096)
