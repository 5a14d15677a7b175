# technique: kcmp tells whether two processes share files, which leaks addresses of the kernel
# source: kcmp(2)
# verdict: SV
# invariant: processes cannot be compared
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
result = libc.syscall(312, os.getpid(), 1, 0, 1, 0)
print("ESCAPED" if result >= 0 else "held", result, ctypes.get_errno())
