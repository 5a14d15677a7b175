# technique: abstract sockets, streams and datagrams with messages in their queues
# source: unix(7)
# verdict: WA
# invariant: a socket ends with its processes
# without: seccomp capabilities
import os, socket

TYPES = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
for kind in TYPES:
    try:
        socket.socket(socket.AF_UNIX, kind).bind(f"\0left-{kind}")
        print("held")
    except OSError as taken:
        print("LEAKED", taken)
with open("/proc/net/unix") as table:
    if "left-by-name" in table.read():
        print("LEAKED in the table of sockets")
if os.fork() == 0:
    os.setsid()
    left, right = socket.socketpair()
    holder = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    holder.bind("\0left-by-name")
    for kind in TYPES:
        end = socket.socket(socket.AF_UNIX, kind)
        end.bind(f"\0left-{kind}")
        socket.send_fds(left, [b"x"], [end.fileno()])
    socket.send_fds(left, [b"x"], [right.fileno(), left.fileno(), holder.fileno()])
