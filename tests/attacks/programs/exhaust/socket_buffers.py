# technique: local sockets with the largest buffers, full in both directions
# source: socket(7), SO_SNDBUF
# verdict: MLE WA
# invariant: buffers of the kernel are counted by the box
# without: seccomp capabilities
import socket

size, pairs = 0, []
try:
    while len(pairs) < 100:
        pair = socket.socketpair()
        pairs.append(pair)
        for end in pair:
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
            try:
                while True:
                    size += end.send(bytes(1 << 16))
            except BlockingIOError:
                pass
except OSError as refused:
    print(refused)
print("held", size)
