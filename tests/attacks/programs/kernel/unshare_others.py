# technique: unshare of the mount, network, PID, UTS, IPC, control group and time namespaces
# source: unshare(2)
# verdict: SV
# invariant: no namespace can be made
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x00020000, 0x40000000, 0x20000000, 0x04000000, 0x08000000, 0x02000000, 0x80):
    print("ESCAPED" if libc.unshare(flag) == 0 else "held", hex(flag), ctypes.get_errno())
