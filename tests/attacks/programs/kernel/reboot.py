# technique: reboot with the command that switches Ctrl-Alt-Delete off, which does no harm where it works
# source: reboot(2)
# verdict: SV
# invariant: neither the box nor the host can be rebooted
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print("ESCAPED" if libc.syscall(169, 0xFEE1DEAD, 672274793, 0, None) == 0 else "held", ctypes.get_errno())
