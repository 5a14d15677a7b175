# technique: six seconds of work in children that are never waited for, while the program itself sleeps
# source: THREATS: cheat the meter, children that are not waited for
# verdict: TLE
# invariant: CPU time is that of the control group
# without: seccomp
import os, signal, time

# Children of a parent that ignores SIGCHLD vanish, and their time is added to no other process.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(6):
    if os.fork() == 0:
        begun = time.process_time()
        while time.process_time() - begun < 1.0:
            pass
        os._exit(0)
try:
    os.wait()
except ChildProcessError:
    print("held")
