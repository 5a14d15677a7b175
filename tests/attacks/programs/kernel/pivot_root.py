# technique: pivot_root to a directory of its own
# source: pivot_root(2)
# verdict: SV
# invariant: the root stays
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("/tmp/new/old")
print("ESCAPED" if libc.syscall(155, b"/tmp/new", b"/tmp/new/old") == 0 else "held", ctypes.get_errno())
