# technique: /proc/self/mem writes over read-only code of the process itself
# source: proc_pid_mem(5), "Bypassing memory protection with /proc/self/mem"
# verdict: WA
# invariant: the process harms itself only: the call that it patches in finds nothing
# without: seccomp capabilities network read_only_root
import ctypes, os

libc = ctypes.CDLL(None)
target = ctypes.cast(libc.labs, ctypes.c_void_p).value
with open("/proc/self/mem", "r+b", buffering=0) as memory:
    memory.seek(target)
    memory.write(bytes.fromhex("48bb2f62696e2f736800534889e731f631d2b83b0000000f055bc3"))
libc.labs.restype = ctypes.c_long
print("held, execve gave", libc.labs(1))
