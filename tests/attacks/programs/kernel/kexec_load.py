# technique: kexec_load and kexec_file_load: another kernel in the place of the host's
# source: kexec_load(2)
# verdict: SV
# invariant: the kernel stays
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.syscall(246, 0, 0, None, 0) == 0 else "held", ctypes.get_errno())
print("ESCAPED" if libc.syscall(320, -1, -1, 1, b"", 4) == 0 else "held", ctypes.get_errno())
