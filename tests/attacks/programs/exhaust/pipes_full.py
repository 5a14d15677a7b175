# technique: many pipes of a megabyte, all full
# source: pipe(7), F_SETPIPE_SZ; CVE-2016-2847
# verdict: WA MLE
# invariant: memory of pipes is limited by user and counted by the box
# without: seccomp capabilities
import fcntl, os

size, full = 0, []
try:
    while len(full) < 120:
        read, write = os.pipe()
        os.set_blocking(write, False)
        try:
            fcntl.fcntl(write, 1031, 1 << 20)
        except OSError:
            pass
        full.append((read, write))
        try:
            while True:
                size += os.write(write, bytes(1 << 16))
        except BlockingIOError:
            pass
except OSError as refused:
    print(refused)
print("held", size)
