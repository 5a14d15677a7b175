# technique: a user namespace of its own, in which the program is root and may mount
# source: user_namespaces(7), CVE-2022-0185, CVE-2023-0386
# verdict: SV
# invariant: there is no namespace to be root in
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0:
    print("ESCAPED as root of a user namespace", os.getuid())
    libc.unshare(0x00020000)
    print("mounted" if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 else "not mounted")
print("held", ctypes.get_errno())
