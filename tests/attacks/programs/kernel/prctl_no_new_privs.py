# technique: no_new_privs is asked to go, and speculation control and timing to be set
# source: prctl(2), PR_SET_NO_NEW_PRIVS, PR_SET_TSC
# verdict: WA
# invariant: no_new_privs stays set
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("held" if libc.prctl(38, 0, 0, 0, 0) else "ESCAPED", ctypes.get_errno())
(line,) = [line for line in open("/proc/self/status") if line.startswith("NoNewPrivs")]
print("held" if line.split()[1] == "1" else "ESCAPED no_new_privs is gone")
