# technique: files without a name, kept by descriptors only
# source: open(2), O_TMPFILE
# verdict: WA MLE
# invariant: what has no name counts too, and is gone when its holder is
# without: seccomp capabilities
import os

block = os.urandom(1 << 20)
files = []
try:
    while True:
        files.append(os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR))
        for _ in range(4):
            os.write(files[-1], block)
except OSError as refused:
    print("held", refused, len(files))
