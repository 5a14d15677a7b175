# technique: files that fill a writable place, and standard input, inside a socket that was sent over itself
# source: unix(7), what was sent over a lost socket stays open until the kernel collects it
# verdict: WA MLE
# invariant: the next test finds the place empty, and no judge error comes of it
# without: seccomp capabilities
import os, socket

MOST = 1 << 20
place = os.statvfs("/dev/shm")
used = (place.f_blocks - place.f_bfree) * place.f_frsize
print("LEAKED" if used > MOST else "held", used)
files = []
for _ in range(3):
    files.append(os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR))
    for chunk in (b"\1" * MOST, b"\1" * 4096):
        try:
            while os.write(files[-1], chunk):
                pass
        except OSError:
            pass
left, right = socket.socketpair()
socket.send_fds(left, [b"x"], [left.fileno(), right.fileno(), 0, *files])
