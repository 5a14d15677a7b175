# technique: System V message queues with a message in them
# source: msgget(2)
# verdict: WA
# invariant: there are none
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
queue = libc.msgget(0x1EF7, 0)
if queue >= 0:
    print("LEAKED a queue")
made = libc.msgget(0x1EF7, 0o1600)
if made >= 0:
    libc.msgsnd(made, ctypes.create_string_buffer(b"\1" + bytes(15)), 8, 0)
print("held" if made < 0 else "made one", ctypes.get_errno())
