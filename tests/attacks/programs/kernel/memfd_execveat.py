# technique: memfd_create, an ELF program in it, and execveat with AT_EMPTY_PATH: noexec places are no wall
# source: memfd_create(2), execveat(2), "fileless malware"
# verdict: WA
# invariant: there is no file in memory that could be executed
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
try:
    memory = os.memfd_create("program")
except OSError as refused:
    print("held", refused)
    memory = os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o700)
os.write(memory, open("/usr/bin/python3.13", "rb").read())
os.fchmod(memory, 0o700)
arguments = (ctypes.c_char_p * 4)(b"python3", b"-c", b"print('ESCAPED noexec')", None)
for path in (f"/proc/self/fd/{memory}".encode(), b""):
    libc.syscall(322, memory, path, arguments, None, 0x1000)
    print("held", ctypes.get_errno())
libc.execve(f"/proc/self/fd/{memory}".encode(), arguments, None)
print("held", ctypes.get_errno())
