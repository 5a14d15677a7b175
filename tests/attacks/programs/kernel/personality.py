# technique: personality switches off the randomisation of addresses, for exploits that need known ones
# source: personality(2), ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC
# verdict: WA
# invariant: addresses stay random
# without: capabilities
import ctypes, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
for kind in (0x0040000, 0x0400000, 0x0008, 0x4000000):
    print("ESCAPED" if libc.personality(ctypes.c_ulong(kind)) != -1 else "held", hex(kind), ctypes.get_errno())
print(hex(libc.personality(ctypes.c_ulong(0xFFFFFFFF))))
