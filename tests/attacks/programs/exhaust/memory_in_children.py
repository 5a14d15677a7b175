# technique: memory in many children, each below the limit
# source: THREATS: RLIMIT_AS as the only limit; children add up
# verdict: MLE
# invariant: the box has one limit for all
# without: seccomp capabilities
import os

children = []
for _ in range(16):
    child = os.fork()
    if child == 0:
        block = bytearray(os.urandom(1 << 20)) * 24
        os.read(0, 1 << 16)
        __import__("time").sleep(1)
        os._exit(0)
    children.append(child)
statuses = [os.waitpid(child, 0)[1] for child in children]
print("held", statuses)
