# technique: init_module and finit_module with a module that the program has written
# source: init_module(2)
# verdict: SV
# invariant: no module is loaded
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
with open("/tmp/evil.ko", "wb") as file:
    file.write(b"\x7fELF" + bytes(4096))
module = os.open("/tmp/evil.ko", os.O_RDONLY)
print("ESCAPED" if libc.syscall(313, module, b"", 3) == 0 else "held", ctypes.get_errno())
print("ESCAPED" if libc.syscall(175, b"\x7fELF" + bytes(100), 104, b"") == 0 else "held", ctypes.get_errno())
