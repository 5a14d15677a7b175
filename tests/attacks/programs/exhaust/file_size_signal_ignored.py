# technique: a file beyond RLIMIT_FSIZE with SIGXFSZ ignored, by write, fallocate, sendfile and copy_file_range
# source: setrlimit(2), RLIMIT_FSIZE
# verdict: WA
# invariant: no file becomes larger than its place
# without: seccomp capabilities
import os, signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = os.open("/tmp/large", os.O_CREAT | os.O_RDWR)
for attempt in (
    lambda: os.posix_fallocate(file, 0, 1 << 40),
    lambda: os.pwrite(file, b"x", 1 << 40),
    lambda: os.ftruncate(file, 1 << 40),
    lambda: os.copy_file_range(os.open("/usr/bin/python3.13", os.O_RDONLY), file, 1 << 20, 0, 1 << 40),
):
    try:
        attempt()
    except OSError as refused:
        print("held", refused)
print("ESCAPED" if os.fstat(file).st_size > 1 << 30 else "held")
