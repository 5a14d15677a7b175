# technique: stops the zygote with SIGSTOP, and again while the test ends
# source: THREATS: stop the zygote
# verdict: WA
# invariant: the runner lets it go on, or does without it
# without: seccomp
import os, signal

others = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]
for pid in others:
    os.kill(pid, signal.SIGSTOP)
if os.fork() == 0:
    while True:
        for pid in others:
            try:
                os.kill(pid, signal.SIGSTOP)
            except OSError:
                pass
print("held", len(others))
