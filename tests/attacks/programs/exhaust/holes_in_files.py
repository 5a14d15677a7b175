# technique: a page that is waited for with a pipe locked, for as long as a hole is being made: fallocate, MADV_REMOVE
# source: fallocate(2), madvise(2), shmem_fault in mm/shmem.c, pipe_write in fs/pipe.c
# verdict: WA
# invariant: whoever is at the other end of a stream never waits for a program
# without: seccomp capabilities
import ctypes, mmap, os

KEEP_SIZE, PUNCH_HOLE, ZERO_RANGE, MADV_REMOVE = 1, 2, 16, 9
libc = ctypes.CDLL(None, use_errno=True)
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long]

file = os.open("/tmp/holes", os.O_RDWR | os.O_CREAT)
os.posix_fallocate(file, 0, 1 << 20)
os.pwrite(file, b"x" * 4096, 0)
mapped = mmap.mmap(file, 1 << 20)
address = ctypes.addressof(ctypes.c_char.from_buffer(mapped))

for mode in (KEEP_SIZE | PUNCH_HOLE, ZERO_RANGE, KEEP_SIZE | ZERO_RANGE):
    libc.fallocate(file, mode, 0, 4096)
    print("ESCAPED by fallocate" if mapped[0] == 0 else "held", os.strerror(ctypes.get_errno()))
# The kernel looks at 32 bits of the advice only.
for advice in (MADV_REMOVE, MADV_REMOVE | 1 << 32):
    libc.madvise(address, 4096, advice)
    print("ESCAPED by madvise" if mapped[0] == 0 else "held", os.strerror(ctypes.get_errno()))
mapped.madvise(mmap.MADV_DONTNEED)
mapped.madvise(mmap.MADV_SEQUENTIAL)
