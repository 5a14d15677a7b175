# technique: swapon of a file of the program, swapoff of the host's
# source: swapon(2)
# verdict: SV
# invariant: swap stays
# without: seccomp capabilities
import ctypes

with open("/tmp/swap", "wb") as file:
    file.truncate(1 << 20)
    file.seek(4086)
    file.write(b"SWAPSPACE2")
libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.swapon(b"/tmp/swap", 0) == 0 else "held", ctypes.get_errno())
