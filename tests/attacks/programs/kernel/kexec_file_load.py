# technique: kexec_file_load with a descriptor of a file
# source: kexec_file_load(2)
# verdict: SV
# invariant: the kernel stays
# without: seccomp capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
image = os.open("/usr/bin/python3.13", os.O_RDONLY)
print("ESCAPED" if libc.syscall(320, image, -1, 1, b"", 4) == 0 else "held", ctypes.get_errno())
