# technique: prctl(PR_SET_MM) changes what /proc/self/exe and the command line say, and maps of the process
# source: prctl(2), PR_SET_MM
# verdict: WA
# invariant: a process stays what it is
# without: capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
other = os.open("/usr/lib/assize/runner", os.O_RDONLY)
for option, value in ((13, other), (1, 0x10000), (6, 0), (14, 0)):
    print("held" if libc.prctl(35, option, ctypes.c_ulong(value), 0, 0) else "ESCAPED", ctypes.get_errno())
print(os.readlink("/proc/self/exe"))
