# technique: memory out of the host's pool of huge pages, which no limit of memory counts, in every way to ask for it
# source: mmap(2), MAP_HUGETLB; shmget(2), SHM_HUGETLB; memfd_create(2), MFD_HUGETLB; cgroup-v2.rst, hugetlb
# verdict: WA
# invariant: none is given, also where the pool has pages
# without: seccomp capabilities
import ctypes, errno, mmap

libc = ctypes.CDLL(None, use_errno=True)
HUGETLB, SIZE = 0x40000, 2 << 20
ANONYMOUS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | HUGETLB


def held(name, refused, expected):
    # An empty pool says ENOMEM: that is no wall.
    print("held" if refused in expected else "ESCAPED", name, errno.errorcode.get(refused, refused))


for bits in (0, 21, 30):
    size = 1 << max(bits, 21)
    for high in (0, 1 << 40):
        flags = ctypes.c_long(ANONYMOUS | bits << 26 | high)
        mapped = libc.syscall(ctypes.c_long(9), None, ctypes.c_size_t(size), ctypes.c_long(3), flags, ctypes.c_long(-1), None)
        held(f"mmap {bits} {high}", 0 if mapped != -1 else ctypes.get_errno(), [errno.EPERM])
try:
    memory = mmap.mmap(-1, 48 * SIZE, flags=ANONYMOUS)
    for page in range(0, len(memory), 4096):
        memory[page] = 1
    print("ESCAPED with", len(memory))
except OSError as refused:
    held("mmap by Python", refused.errno, [errno.EPERM])
held("shmget", 0 if libc.shmget(0, SIZE, 0o1600 | 0o4000) != -1 else ctypes.get_errno(), [errno.EPERM])
held("memfd_create", 0 if libc.syscall(319, b"huge", 4) != -1 else ctypes.get_errno(), [errno.ENOSYS])
