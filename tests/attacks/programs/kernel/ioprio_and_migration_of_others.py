# technique: ioprio_set, migrate_pages, move_pages, sched_setattr, process_mrelease and get_robust_list of PID 1
# source: ioprio_set(2), migrate_pages(2)
# verdict: WA
# invariant: the runner is not touched
# without: capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
attributes = ctypes.create_string_buffer(b"\x38\0\0\0\x03\0\0\0", 56)
head, size = ctypes.c_void_p(), ctypes.c_size_t()
mask = ctypes.c_ulong(1)
for name, number, *words in (
    ("ioprio_set", 251, 1, 1, 0x6000),
    ("migrate_pages", 256, 1, 64, ctypes.byref(mask), ctypes.byref(mask)),
    ("move_pages", 279, 1, 0, None, None, None, 0),
    ("sched_setattr", 314, 1, attributes, 0),
    ("get_robust_list", 274, 1, ctypes.byref(head), ctypes.byref(size)),
    ("process_mrelease", 448, os.pidfd_open(1), 0),
):
    print("held" if libc.syscall(number, *words) < 0 else "ESCAPED", name, ctypes.get_errno())
