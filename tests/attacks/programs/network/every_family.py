# technique: every family from 0 to 64, every type and some protocols, by socket and by socketpair
# source: socket(2); loading of modules by number (net-pf-N)
# verdict: WA
# invariant: only local sockets can be made
# without: seccomp network capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
pair = (ctypes.c_int * 2)()
for family in range(65):
    for kind in range(1, 11):
        if family == 1:
            continue
        for protocol in (0, 6, 132, 262):
            if libc.socket(family, kind | 0o2000000, protocol) >= 0:
                print("ESCAPED socket", family, kind, protocol)
            if libc.socketpair(family, kind, protocol, pair) == 0:
                print("ESCAPED socketpair", family, kind, protocol)
print("held")
