# technique: execveat, uselib and binfmt: other ways to start code
# source: execveat(2), uselib(2), CVE-2004-1235
# verdict: SV
# invariant: only execve starts programs, and only those of the image
# without: capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
directory = os.open("/tmp", os.O_RDONLY)
with open("/tmp/p", "wb") as file:
    file.write(open("/usr/bin/python3.13", "rb").read())
os.chmod("/tmp/p", 0o755)
arguments = (ctypes.c_char_p * 4)(b"p", b"-c", b"print('ESCAPED')", None)
libc.syscall(322, directory, b"p", arguments, None, 0)
print("held", ctypes.get_errno(), flush=True)
print("ESCAPED" if libc.syscall(134, b"/tmp/p") == 0 else "held", ctypes.get_errno())
