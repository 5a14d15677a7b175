# technique: leases and notifications on files: F_SETLEASE, F_NOTIFY, inotify
# source: fcntl(2), inotify(7)
# verdict: WA
# invariant: no program sees what happens in the next test
# without: seccomp capabilities
import ctypes, fcntl, os, signal

libc = ctypes.CDLL(None, use_errno=True)
signal.signal(signal.SIGIO, signal.SIG_IGN)
print("held" if libc.inotify_init1(0) < 0 else "has inotify", ctypes.get_errno())
for path in ("/work", "/tmp", "/etc"):
    directory = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(directory, fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MULTISHOT | fcntl.DN_DELETE)
    except OSError as refused:
        print("held", refused)
with open("/tmp/leased", "w") as file:
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError as refused:
        print("held", refused)
    if os.fork() == 0:
        os.setsid()
        os.read(os.pipe()[0], 1)
if len(os.listdir("/proc/self/fd")) > 12:
    print("LEAKED descriptors")
