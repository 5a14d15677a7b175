# technique: files that say they are terabytes
# source: ftruncate(2)
# verdict: RTE
# invariant: the size of a file has a limit, and what is not written costs nothing
# without: seccomp capabilities
import os, signal

signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
for place in ("/tmp", "/work", "/dev/shm"):
    with open(place + "/sparse", "wb") as file:
        os.truncate(file.fileno(), 1 << 42)
        print("ESCAPED the limit of file sizes")
