# technique: setns into the namespaces of PID 1, and by a pidfd into all of them
# source: setns(2), nsenter(1)
# verdict: SV
# invariant: no namespace can be entered
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.setns(os.pidfd_open(1), 0x7E020000) == 0 else "held", ctypes.get_errno())
for name in os.listdir("/proc/self/ns"):
    namespace = os.open(f"/proc/self/ns/{name}", os.O_RDONLY)
    print("ESCAPED" if libc.setns(namespace, 0) == 0 else "held", name)
