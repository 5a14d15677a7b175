# technique: umount2 takes away masks of /proc and the read-only root's scratch places
# source: umount2(2)
# verdict: SV
# invariant: what is mounted stays
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for place in (b"/proc/kcore", b"/proc/sys", b"/sys", b"/tmp", b"/dev/mqueue", b"/"):
    print("ESCAPED" if libc.umount2(place, 2) == 0 else "held", place, ctypes.get_errno())
