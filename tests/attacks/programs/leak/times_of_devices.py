# technique: times of devices and of writable places, which need no owner to be those of now, as a message
# source: utimensat(2), UTIME_NOW; bind mounts of the host's devices
# verdict: WA
# invariant: no later program sees what an earlier one has set
# without: seccomp capabilities read_only_root
import os, time

# The runner gives them all new times, in this order: of two the first is never the later one.
for first, second in (("/tmp", "/dev/shm"), ("/dev/full", "/dev/null"), ("/dev/random", "/dev/zero"), ("/dev/stderr", "/dev/stdin")):
    times = [os.stat(path, follow_symlinks=False).st_mtime_ns for path in (first, second)]
    try:
        os.utime(second, follow_symlinks=False)
        time.sleep(0.02)
        os.utime(first, follow_symlinks=False)
    except OSError as refused:
        print("held", first, second, refused)
        continue
    print("held" if times[0] <= times[1] else "LEAKED", first, second, times)
