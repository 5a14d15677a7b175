# technique: clone3, whose flags lie in memory where no filter looks
# source: clone(2), "seccomp cannot dereference pointers"
# verdict: WA
# invariant: clone3 is not there
# without: seccomp capabilities
import ctypes, os, struct

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x10000000 | 0x00020000 | 0x40000000, 0x80, 0x200000000):
    arguments = ctypes.create_string_buffer(struct.pack("<QQQQQ", flags, 0, 0, 0, 17), 88)
    child = libc.syscall(435, arguments, 88)
    if child == 0:
        os._exit(0)
    print(f"ESCAPED with {flags:#x}" if child > 0 else "held", ctypes.get_errno())
