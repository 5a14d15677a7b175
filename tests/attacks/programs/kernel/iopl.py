# technique: iopl and ioperm: direct access to the machine's ports
# source: iopl(2), ioperm(2)
# verdict: SV
# invariant: ports of the machine cannot be reached
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.iopl(3) == 0 else "held", ctypes.get_errno())
print("ESCAPED" if libc.ioperm(0x80, 1, 1) == 0 else "held", ctypes.get_errno())
