# technique: each process forks and ends at once, so that there is always a new one to kill
# source: "fork bomb with a moving target"
# verdict: WA
# invariant: killing goes on until no process is left
# without: seccomp capabilities
import os

print("held", flush=True)
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
