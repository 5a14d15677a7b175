# technique: PTRACE_TRACEME in a child, whose every call its parent could change behind the filter
# source: ptrace(2), "seccomp and ptrace" (before Linux 4.8 a tracer could change the call after the check)
# verdict: WA
# invariant: the child is killed at its first call of ptrace
# without: seccomp capabilities
import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    os._exit(0 if libc.ptrace(0, 0, None, None) == 0 else 1)
_, status = os.waitpid(child, 0)
print("ESCAPED a child is traced" if status == 0 else "held", status)
