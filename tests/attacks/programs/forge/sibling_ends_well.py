# technique: clone with CLONE_PARENT makes siblings, children of the runner itself, which end with 0 and 42
# source: clone(2), CLONE_PARENT
# verdict: RTE
# invariant: a child of the runner counts when the runner has started it
# without: seccomp
import ctypes, os, time

libc = ctypes.CDLL(None, use_errno=True)
for status in (0, 0, 42, 0, 0):
    child = libc.syscall(56, 0x00008000 | 17, None, None, None, None)
    if child == 0:
        os._exit(status)
    print("held", child, flush=True)
time.sleep(0.1)
os._exit(3)
