# technique: locks on files of the image, which are read-only but can be locked
# source: flock(2), fcntl(2): F_OFD_SETLK
# verdict: WA
# invariant: a lock ends with its process
# without: seccomp capabilities
import fcntl, os, signal

files = [open(path) for path in ("/etc/passwd", "/usr/lib/assize/runner", "/usr/lib/python3.13/os.py")]
for file in files:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("LEAKED a lock")
    except OSError as refused:
        print("held", refused)
if os.fork() == 0:
    os.setsid()
    signal.pause()
print("held")
