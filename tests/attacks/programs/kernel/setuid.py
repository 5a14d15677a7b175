# technique: setuid, setgid, setgroups, setresuid and setfsuid to root
# source: setuid(2)
# verdict: WA
# invariant: the user stays
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for name, *words in (("setuid", 0), ("setgid", 0), ("setresuid", 0, 0, 0), ("setresgid", 0, 0, 0), ("setreuid", 0, 0), ("setgroups", 0, None)):
    print("held" if getattr(libc, name)(*words) else "ESCAPED", name, ctypes.get_errno())
libc.setfsuid(0)
print("held" if libc.setfsuid(-1) != 0 and os.getresuid()[0] != 0 else "ESCAPED setfsuid")
