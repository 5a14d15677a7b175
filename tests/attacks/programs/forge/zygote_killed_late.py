# technique: a child kills the zygote at the moment when the test ends
# source: THREATS: kill the zygote; races between end and reset
# verdict: WA
# invariant: the test that ran counts, and the judge recovers
# without: seccomp
import os, signal

others = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]
print("held", flush=True)
if os.fork() == 0:
    os.setsid()
    while os.getppid() != 1:
        pass
    for pid in others:
        os.kill(pid, signal.SIGKILL)
