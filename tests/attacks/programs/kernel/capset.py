# technique: capset asks for every capability
# source: capset(2)
# verdict: WA
# invariant: no capability is got
# without: seccomp
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0), 8)
wanted = ctypes.create_string_buffer(struct.pack("<6I", *[0xFFFFFFFF] * 6), 24)
print("held" if libc.capset(header, wanted) else "ESCAPED", ctypes.get_errno())
one = ctypes.create_string_buffer(struct.pack("<6I", 1 << 21, 1 << 21, 0, 0, 0, 0), 24)
print("held" if libc.capset(header, one) else "ESCAPED has CAP_SYS_ADMIN", ctypes.get_errno())
