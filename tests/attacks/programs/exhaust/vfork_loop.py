# technique: vfork and clone by ctypes, with CLONE_VM and CLONE_PARENT
# source: clone(2), vfork(2)
# verdict: WA
# invariant: processes that share memory, or become siblings, are counted and killed as well
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
refused = 0
for _ in range(200):
    child = libc.syscall(56, 0x00008000 | 17, None, None, None, None)
    if child == 0:
        os.kill(os.getpid(), 19)
    refused += child < 0
print("held", refused, "refused")
