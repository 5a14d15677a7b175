# technique: fsopen, fsconfig, fsmount, open_tree and move_mount: mount in pieces
# source: fsopen(2), CVE-2022-0185
# verdict: SV
# invariant: no file system is made
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
context = libc.syscall(430, b"tmpfs", 0)
made = libc.syscall(431, context, 6, None, None, 0)
mounted = libc.syscall(432, context, 0, 0)
tree = libc.syscall(428, -100, b"/", 1)
moved = libc.syscall(429, tree, b"", -100, b"/tmp", 4)
print("ESCAPED" if max(context, tree, mounted) >= 0 or 0 in (made, moved) else "held")
