# technique: modify_ldt makes a segment of 16 bits
# source: modify_ldt(2), CVE-2015-5157, CVE-2015-3290
# verdict: SV
# invariant: descriptor tables stay as they are
# without: seccomp capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
entry = ctypes.create_string_buffer(struct.pack("<IIII", 0, 0, 0xFFFFF, 0b1010001), 16)
print("ESCAPED" if libc.syscall(154, 1, entry, 16) == 0 else "held", ctypes.get_errno())
