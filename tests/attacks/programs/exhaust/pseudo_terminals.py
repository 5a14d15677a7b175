# technique: every pseudo-terminal of the host, which it has 4,096 of
# source: pts(4), kernel.pty.max; seen against this judge
# verdict: WA
# invariant: there is nothing of /dev/pts in a box, and no way to a pseudo-terminal
# without: seccomp capabilities read_only_root
import os

held = []
try:
    while True:
        held.append(os.openpty())
except OSError:
    pass
for path in ("/dev/ptmx", "/dev/pts/ptmx"):
    try:
        held.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        pass
print("ESCAPED" if held else "none")
