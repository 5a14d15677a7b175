# technique: a thread that gives way to all others waits for the CPU behind the program's own children
# source: time that a program starves does not count against its wall limit
# verdict: TLE
# invariant: a thread that is nice, idle or keeps to one CPU proves no starvation
# without: seccomp capabilities
import os, time

for _ in range(4):
    if os.fork() == 0:
        while time.process_time() < 0.1:
            pass
        time.sleep(1000)
os.nice(19)
try:
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
except OSError:
    pass
deadline = time.monotonic() + 1.5
while time.monotonic() < deadline:
    os.sched_yield()
    time.sleep(0.0001)
time.sleep(1000)
