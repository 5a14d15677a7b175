# technique: ptrace(PTRACE_ATTACH) of PID 1 and of every other process
# source: ptrace(2)
# verdict: SV
# invariant: no process can be traced
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) != os.getpid() and libc.ptrace(16, int(pid), None, None) == 0:
        print("ESCAPED traces", pid)
print("held")
