# technique: kills its own process group and session, PID 1's group and every group number
# source: killpg(3)
# verdict: RTE
# invariant: the runner is in no group of the program
# without: seccomp
import os, signal

for group in [*range(2, 64)]:
    try:
        if group != os.getpgrp():
            os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
try:
    os.killpg(1, signal.SIGKILL)
except OSError as refused:
    print("held", refused, flush=True)
os.killpg(0, signal.SIGKILL)
