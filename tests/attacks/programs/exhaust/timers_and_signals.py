# technique: an interval timer of a microsecond, whose handler raises it again, and signals to the group
# source: setitimer(2)
# verdict: TLE RTE
# invariant: signals are the program's own
# without: seccomp capabilities
import os, signal

signal.signal(signal.SIGALRM, lambda *ignored: os.kill(os.getpid(), signal.SIGALRM))
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
while True:
    signal.pause()
