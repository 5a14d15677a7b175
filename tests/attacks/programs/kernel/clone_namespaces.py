# technique: clone(2) with flags for new namespaces, alone and together
# source: clone(2), namespaces(7)
# verdict: WA
# invariant: clone makes processes and threads, and no namespace
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x7E020000, 0x10020000, 0x02000000):
    child = libc.syscall(56, flags | 17, None, None, None, None)
    if child == 0:
        os._exit(0)
    print(f"ESCAPED with {flags:#x}" if child > 0 else "held", ctypes.get_errno())
