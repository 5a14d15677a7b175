# technique: PR_SET_PTRACER and PR_SET_PDEATHSIG: others may trace, and die when a thread dies
# source: prctl(2), Yama
# verdict: WA
# invariant: the runner and the zygote are not touched by either
# without: capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
print("held" if libc.prctl(0x59616D61, ctypes.c_ulong(2**64 - 1), 0, 0, 0) else "ESCAPED", ctypes.get_errno())
print("held" if libc.prctl(1, 9, 0, 0, 0) else "ESCAPED", ctypes.get_errno())
