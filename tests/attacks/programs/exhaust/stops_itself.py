# technique: SIGSTOP to itself: a process that neither runs nor ends
# source: signal(7)
# verdict: TLE
# invariant: a stopped process is killed like any other
# without: seccomp capabilities
import os, signal

child = os.fork()
os.kill(os.getpid(), signal.SIGSTOP)
