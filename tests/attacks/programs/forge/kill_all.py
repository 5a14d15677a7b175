# technique: kill(-1, SIGKILL): everybody whom the program may kill
# source: kill(2)
# verdict: WA
# invariant: PID 1 lives, and the verdict is the program's own
# without: seccomp capabilities
import os, signal

try:
    os.kill(-1, signal.SIGKILL)
except OSError as refused:
    print(refused)
print("held")
