# technique: bpf(BPF_PROG_LOAD) of a socket filter, and a map
# source: bpf(2), CVE-2021-3490, CVE-2020-8835
# verdict: SV
# invariant: no program can be loaded into the kernel
# without: seccomp capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
attributes = ctypes.create_string_buffer(struct.pack("<IIII", 2, 4, 8, 4), 128)
print("ESCAPED has a map" if libc.syscall(321, 0, attributes, 128) >= 0 else "held", ctypes.get_errno())
