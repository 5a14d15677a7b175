# technique: many processes wait for the one CPU of the box, then all sleep, as if the host had kept them from it
# source: time that a program starves does not count against its wall limit
# verdict: TLE
# invariant: what a box waits for itself counts, in however many processes; it is no fault of the host
# without: seccomp capabilities
import os, time

for _ in range(24):
    if os.fork() == 0:
        while time.process_time() < 0.03:
            pass
        time.sleep(1000)
while time.process_time() < 0.03:
    pass
time.sleep(1000)
