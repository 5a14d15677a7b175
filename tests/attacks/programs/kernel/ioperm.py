# technique: ioperm for the ports of the clock and of the first disk, and /dev/port
# source: ioperm(2)
# verdict: SV
# invariant: ports of the machine cannot be reached
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
try:
    print("ESCAPED", open("/dev/port", "rb"))
except OSError as refused:
    print("held", refused, flush=True)
for port in (0x70, 0x1F0, 0xCF8):
    print("ESCAPED" if libc.ioperm(port, 4, 1) == 0 else "held", ctypes.get_errno())
