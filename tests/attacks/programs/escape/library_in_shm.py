# technique: dlopen of a library in shared memory and by /proc/self/fd
# source: memfd and dlopen tricks ("In-memory-only ELF execution")
# verdict: WA
# invariant: dlopen needs an executable mapping, which a noexec place does not give
# without: seccomp capabilities network read_only_root
import _ctypes, ctypes, ctypes.util, os

library = next(line.split()[-1] for line in open("/proc/self/maps") if "libm" in line or "libz" in line or "libc.so" in line)
copy = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR, 0o700)
os.write(copy, open(library, "rb").read())
with open("/dev/shm/lib.so", "wb") as file:
    file.write(open(library, "rb").read())
for path in ("/dev/shm/lib.so", f"/proc/self/fd/{copy}", "/dev/shm/../shm/./lib.so"):
    try:
        _ctypes.dlopen(path, 2)
        print("ESCAPED loaded", path)
    except OSError as refused:
        print("held", refused)
