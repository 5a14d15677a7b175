# technique: memfd_secret: memory that is not even the kernel's
# source: memfd_secret(2)
# verdict: SV
# invariant: no such memory is given
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.syscall(447, 0) >= 0 else "held", ctypes.get_errno())
