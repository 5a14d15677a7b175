# technique: System V shared memory, which lives without any process
# source: sysvipc(7), shmget(2)
# verdict: WA
# invariant: there is none
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(0x1EF7, 0, 0) >= 0:
    print("LEAKED a segment")
made = libc.shmget(0x1EF7, 4096, 0o1600)
print("held" if made < 0 else "made one", ctypes.get_errno())
