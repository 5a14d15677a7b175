# technique: userfaultfd holds the kernel in the middle of a copy
# source: userfaultfd(2), CVE-2016-2384 and other races that were won with it
# verdict: SV
# invariant: the kernel does not wait for a program
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0, 1, 0o2000000):
    print("ESCAPED" if libc.syscall(323, flags) >= 0 else "held", ctypes.get_errno())
