# technique: delete_module takes a module away from the host's kernel
# source: delete_module(2)
# verdict: SV
# invariant: modules stay
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
known = open("/proc/modules").read().splitlines() if os.path.exists("/proc/modules") else []
names = [line.split()[0].encode() for line in known] or [b"overlay"]
print("ESCAPED" if libc.syscall(176, names[0], 0o1000) == 0 else "held", names[:3], ctypes.get_errno())
