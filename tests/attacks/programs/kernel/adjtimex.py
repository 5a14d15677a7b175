# technique: adjtimex and clock_adjtime: the speed of the host's clock
# source: adjtimex(2)
# verdict: SV
# invariant: the speed of the clock stays
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
request = ctypes.create_string_buffer(b"\x02\0\0\0", 208)
print("ESCAPED" if libc.clock_adjtime(0, request) >= 0 else "held", ctypes.get_errno())
