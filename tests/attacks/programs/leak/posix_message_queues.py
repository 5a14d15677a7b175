# technique: POSIX message queues, which live until they are removed
# source: mq_overview(7)
# verdict: WA
# invariant: there are none: no mount of them is writable, and their call is refused
# without: seccomp capabilities
import ctypes, os

rt = ctypes.CDLL(None, use_errno=True)
queue = rt.mq_open(b"/left", os.O_RDWR)
if queue >= 0:
    print("LEAKED a queue")
made = rt.mq_open(b"/left", os.O_CREAT | os.O_RDWR, 0o600, None)
print("held" if made < 0 else "made one", ctypes.get_errno(), os.listdir("/dev/mqueue"))
