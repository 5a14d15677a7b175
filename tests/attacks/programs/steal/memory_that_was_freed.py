# technique: fresh memory of every kind, in the hope that it holds what others left there
# source: "uninitialised memory", CVE-2023-3269 and infoleaks
# verdict: WA
# invariant: the kernel gives out zeros
# without: seccomp capabilities network read_only_root
import ctypes, mmap, os

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
wanted = b"-YRANAC-EZISSA"[::-1] + b"a"
dirty = 0
for size in (1 << 20, 1 << 22, 1 << 24):
    with mmap.mmap(-1, size) as block:
        dirty += any(block.read(size))
file = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR)
os.ftruncate(file, 1 << 22)
dirty += any(os.read(file, 1 << 22))
left = ctypes.string_at(libc.malloc(100000), 100000)
print("ESCAPED" if dirty or wanted[:-1] in left else "held")
