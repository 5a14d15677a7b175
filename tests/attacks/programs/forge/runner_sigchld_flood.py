# technique: SIGCHLD to PID 1 without end from many processes
# source: white box: the runner polls a signalfd
# verdict: TLE
# invariant: it costs the runner little, and the limits hold meanwhile
# without: seccomp
import os, signal

for _ in range(4):
    os.fork()
while True:
    os.kill(1, signal.SIGCHLD)
