# technique: quotactl of the host's disk
# source: quotactl(2)
# verdict: SV
# invariant: quotas stay
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.quotactl(0x80000100, b"/dev/vda", 0, None) == 0 else "held", ctypes.get_errno())
