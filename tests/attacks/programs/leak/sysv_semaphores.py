# technique: System V semaphores with values, and undo structures
# source: semget(2), semop(2)
# verdict: WA
# invariant: there are none
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.semget(0x1EF7, 0, 0) >= 0:
    print("LEAKED semaphores")
made = libc.semget(0x1EF7, 4, 0o1600)
print("held" if made < 0 else "made them", ctypes.get_errno())
