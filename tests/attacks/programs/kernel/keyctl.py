# technique: keyctl joins a session ring and reads keys, which are not in a namespace
# source: keyctl(2), CVE-2014-9529
# verdict: SV
# invariant: no key ring can be reached
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
ring = libc.syscall(250, 1, b"attack")
print("ESCAPED has ring" if ring >= 0 else "held", ring, ctypes.get_errno())
