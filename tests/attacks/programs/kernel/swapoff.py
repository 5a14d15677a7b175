# technique: swapoff of whatever /proc/swaps shows
# source: swapoff(2)
# verdict: SV
# invariant: swap stays
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for line in open("/proc/swaps").read().splitlines()[1:] or ["/swapfile"]:
    print("ESCAPED" if libc.swapoff(line.split()[0].encode()) == 0 else "held", ctypes.get_errno())
