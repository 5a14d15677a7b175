# technique: io_uring_enter and io_uring_register on descriptors that are no rings
# source: io_uring_enter(2)
# verdict: SV
# invariant: a ring cannot be used, wherever it comes from
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for descriptor in (0, 1, 2, 3):
    print("ESCAPED" if libc.syscall(426, descriptor, 1, 0, 0, None, 0) >= 0 else "held", ctypes.get_errno())
