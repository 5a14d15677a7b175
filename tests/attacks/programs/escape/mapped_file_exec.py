# technique: a file of a writable place mapped with PROT_EXEC, and made executable later by mprotect
# source: mmap(2): EPERM on a noexec mount
# verdict: WA
# invariant: no page of a writable file becomes executable
# without: seccomp capabilities network read_only_root
import ctypes, mmap

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
for path in ("/tmp/page", "/work/page", "/dev/shm/page"):
    with open(path, "w+b") as file:
        file.write(b"\xc3" * 4096)
        file.flush()
        try:
            mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)
            print("ESCAPED mapped", path)
        except OSError as refused:
            print("held", refused)
        address = libc.mmap(None, ctypes.c_size_t(4096), 3, 1, file.fileno(), ctypes.c_long(0))
        changed = libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 5)
        print("held mprotect" if changed else "ESCAPED mprotect")
