# technique: io_uring_setup: a queue of calls that no filter sees
# source: io_uring_setup(2), CVE-2022-2602, "seccomp does not see io_uring"
# verdict: SV
# invariant: there is no ring
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
parameters = ctypes.create_string_buffer(120)
ring = libc.syscall(425, 8, parameters)
print("ESCAPED has a ring" if ring >= 0 else "held", ctypes.get_errno())
