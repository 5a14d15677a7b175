# technique: connect by system calls, where no audit hook and no module socket is
# source: socket(2), connect(2), sendto(2) with MSG_FASTOPEN
# verdict: WA
# invariant: the kernel refuses, not Python
# without: seccomp network capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
port = int(open(0).read().split()[-1])
for host in (b"\x7f\0\0\1", b"\xac\x11\0\1"):
    address = struct.pack("<H", 2) + struct.pack(">H", port) + host + bytes(8)
    for number in (0, 1, 2, 3, libc.syscall(41, 2, 1, 0), libc.syscall(41, 2 | 1 << 32, 1, 0)):
        if libc.connect(number, address, 16) == 0 or libc.sendto(number, b"x", 1, 0x20000000, address, 16) > 0:
            print("ESCAPED by descriptor", number)
print("held", ctypes.get_errno())
