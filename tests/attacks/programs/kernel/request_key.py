# technique: request_key lets the kernel start /sbin/request-key on the host
# source: request_key(2)
# verdict: SV
# invariant: the kernel starts nothing for a program
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
key = libc.syscall(249, b"user", b"attack", b"payload", -2)
print("ESCAPED" if key >= 0 else "held", key, ctypes.get_errno())
