# technique: acct switches the host's process accounting to a file of the program
# source: acct(2)
# verdict: SV
# invariant: accounting stays
# without: seccomp capabilities
import ctypes

open("/tmp/acct", "w").close()
libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.acct(b"/tmp/acct") == 0 else "held", ctypes.get_errno())
