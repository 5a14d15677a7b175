# technique: sockets that were sent over themselves, of every type, some with names that look like no name
# source: unix(7), the kernel collects them some time after their last process
# verdict: WA
# invariant: a socket ends with its processes
# without: seccomp capabilities
import os, socket

TYPES = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET)
with open("/proc/net/unix") as table:
    rows = [row for row in table.read().split("\n")[1:] if row]
# The interpreter that was prepared has one end of a pair, and so has that of the next box. Programs get none like it.
strange = [row for row in rows if row.split()[4:6] != ["0005", "03"] or len(row.split()) != 7]
print("LEAKED" if strange else "held", strange)
os.chdir("/tmp")
for number, kind in enumerate(TYPES):
    try:
        left, right = socket.socketpair(socket.AF_UNIX, kind)
    except PermissionError:
        continue
    print("LEAKED, it is taken for an interpreter's" if kind == socket.SOCK_SEQPACKET else "held")
    named = socket.socket(socket.AF_UNIX, kind)
    named.bind(("\nleft-by-name", "   ", "\0left")[number])
    socket.send_fds(left, [b"x"], [left.fileno(), right.fileno(), named.fileno()])
