# technique: sends itself SIGSYS, as seccomp does
# source: signal(7)
# verdict: SV
# invariant: a program may look worse than it is, not better
# without: seccomp
import os, signal

os.kill(os.getpid(), signal.SIGSYS)
