# technique: vhangup of the terminal of the user who started the box
# source: vhangup(2)
# verdict: SV
# invariant: terminals stay
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.vhangup() == 0 else "held", ctypes.get_errno())
