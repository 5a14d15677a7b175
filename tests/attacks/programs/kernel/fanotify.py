# technique: fanotify watches every file of a mount
# source: fanotify_init(2)
# verdict: SV
# invariant: no files of others are watched
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for flags in (0, 0x200, 0x4):
    print("ESCAPED" if libc.fanotify_init(flags, 0) >= 0 else "held", ctypes.get_errno())
