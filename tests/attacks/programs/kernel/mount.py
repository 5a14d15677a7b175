# technique: mount of a tmpfs, of proc, of the host's disk, and a remount of the root as writable
# source: mount(2)
# verdict: SV
# invariant: nothing can be mounted
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for source, target, kind, flags in (
    (b"none", b"/", None, 32),
    (b"/dev/vda", b"/tmp", b"ext4", 0),
    (b"proc", b"/tmp", b"proc", 0),
    (b"none", b"/tmp", b"tmpfs", 0),
    (b"/", b"/tmp", None, 4096),
):
    print("ESCAPED" if libc.mount(source, target, kind, flags, None) == 0 else "held", target, ctypes.get_errno())
