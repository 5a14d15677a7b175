# technique: ioctl(TIOCSTI, TIOCLINUX) types into the terminal of the user who started the box
# source: TIOCSTI(2const), CVE-2017-5226, CVE-2016-2568
# verdict: WA
# invariant: no terminal can be typed into, not even one of its own
# without: seccomp capabilities
import fcntl, os

opened = []
for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/ptmx", "/dev/pts/0"):
    try:
        opened.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))
    except OSError as refused:
        print("held", refused)
for descriptor in [0, 1, 2, *opened]:
    for request in (0x5412, 0x541C, 0x100005412):
        try:
            fcntl.ioctl(descriptor, request & 0xFFFFFFFF, b"x")
            print("ESCAPED", descriptor, hex(request))
        except OSError as refused:
            print("held", refused.errno)
