# technique: add_key fills the kernel's key rings
# source: add_key(2), CVE-2016-0728
# verdict: SV
# invariant: no key can be made
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
key = libc.syscall(248, b"user", b"attack", b"payload", 7, -4)
print("ESCAPED has key" if key >= 0 else "held", key, ctypes.get_errno())
