# technique: perf_event_open counts what the CPU does, also for others
# source: perf_event_open(2), CVE-2013-2094
# verdict: SV
# invariant: no counter can be opened
# without: seccomp capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
attributes = ctypes.create_string_buffer(struct.pack("<IIQ", 1, 128, 0), 128)
for pid, cpu in ((0, -1), (-1, 0), (1, -1)):
    print("ESCAPED" if libc.syscall(298, attributes, pid, cpu, -1, 0) >= 0 else "held", ctypes.get_errno())
