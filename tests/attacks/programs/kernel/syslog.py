# technique: syslog(SYSLOG_ACTION_READ_ALL) and /dev/kmsg: what the host's kernel says
# source: syslog(2)
# verdict: SV
# invariant: the kernel's log is not shown
# without: seccomp capabilities
import ctypes

for path in ("/dev/kmsg", "/proc/kmsg", "/var/log/kern.log"):
    try:
        print("ESCAPED", open(path).readline())
    except OSError as refused:
        print("held", refused)
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)
print("ESCAPED" if libc.syscall(103, 3, buffer, 4096) > 0 else "held", buffer.value[:200])
