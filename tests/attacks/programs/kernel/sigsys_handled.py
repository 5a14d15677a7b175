# technique: a handler for SIGSYS, and SIGSYS blocked, to live on after a forbidden call
# source: seccomp(2): SECCOMP_RET_TRAP and SECCOMP_RET_KILL_PROCESS
# verdict: SV
# invariant: the kill cannot be caught
# without: seccomp capabilities
import ctypes, signal

signal.signal(signal.SIGSYS, lambda *ignored: print("ESCAPED lives on", flush=True))
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGSYS})
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    print("ESCAPED mounted", flush=True)
print("held", flush=True)
