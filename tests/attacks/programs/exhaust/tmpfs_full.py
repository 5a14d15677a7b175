# technique: files in every writable place until nothing more can be written
# source: THREATS: tmpfs
# verdict: MLE
# invariant: tmpfs counts as memory, and has a cap of its own
# without: seccomp capabilities
import os

block = os.urandom(1 << 20)
written = 0
for place in ("/tmp", "/work", "/dev/shm"):
    try:
        with open(place + "/full", "wb", buffering=0) as file:
            while True:
                written += file.write(block)
    except OSError as refused:
        print("held", place, refused, written, flush=True)
