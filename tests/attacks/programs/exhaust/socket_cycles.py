# technique: sockets sent through themselves, so that only the kernel's collector can free them, with a large file inside
# source: unix(7), net/unix/garbage.c; CVE-2021-4083
# verdict: WA
# invariant: the memory is the box's, and is free again for the next test or its box is replaced
# without: seccomp capabilities
import os, socket

for round in range(8):
    left, right = socket.socketpair()
    file = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR)
    os.write(file, os.urandom(4 << 20))
    socket.send_fds(left, [b"x"], [right.fileno(), left.fileno(), file])
    os.close(file)
    left.close()
    right.close()
print("held")
