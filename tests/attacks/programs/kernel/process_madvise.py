# technique: process_madvise by a pidfd of PID 1
# source: process_madvise(2)
# verdict: SV
# invariant: advice about another's memory is refused
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
descriptor = os.pidfd_open(1)
span = (ctypes.c_size_t * 2)(0x400000, 4096)
print("ESCAPED" if libc.syscall(440, descriptor, span, 1, 21, 0) > 0 else "held", ctypes.get_errno())
