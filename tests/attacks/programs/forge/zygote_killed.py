# technique: kills the interpreter that later tests are forked from
# source: THREATS: kill the zygote
# verdict: WA
# invariant: the next test gets a fresh box, and the kill gains nothing
# without: seccomp
import os, signal

killed = []
for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if pid not in (1, os.getpid()):
        try:
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        except OSError:
            pass
print("held", len(killed))
