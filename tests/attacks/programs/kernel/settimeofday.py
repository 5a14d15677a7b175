# technique: settimeofday and clock_settime: the host's clock
# source: settimeofday(2)
# verdict: SV
# invariant: the clock of the host goes on
# without: seccomp capabilities
import ctypes, time

libc = ctypes.CDLL(None, use_errno=True)
now = (ctypes.c_long * 2)(int(time.time()), 0)
print("ESCAPED" if libc.settimeofday(now, None) == 0 else "held", ctypes.get_errno())
