# technique: all children compute at once, so that CPU time runs faster than the clock
# source: THREATS: children that are not waited for
# verdict: TLE
# invariant: CPU time is that of the box
# without: seccomp capabilities
import os

for _ in range(20):
    if os.fork() == 0:
        while True:
            pass
os.wait()
