# technique: code and read-only data of the interpreter and its libraries, overwritten in memory
# source: proc_pid_mem(5): FOLL_FORCE writes make a private copy
# verdict: WA
# invariant: pages of files are never changed for others
# without: seccomp
import ctypes, os

libc = ctypes.CDLL(None)
target = ctypes.cast(libc.labs, ctypes.c_void_p).value
if ctypes.string_at(target, 4) == b"\xc3LEF":
    print("LEAKED code")
print("held", ctypes.string_at(target, 4).hex(), flush=True)
with open("/proc/self/mem", "r+b", buffering=0) as memory:
    memory.seek(target)
    memory.write(b"\xc3LEF")
os._exit(0)
