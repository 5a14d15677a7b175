# technique: mknod of the host's disk and memory, in every writable place
# source: mknod(2)
# verdict: WA
# invariant: no device can be made, and none in a scratch place would open
# without: seccomp capabilities
import os, stat

for place in ("/tmp", "/work", "/dev/shm", "/dev"):
    for kind, major, minor in ((stat.S_IFBLK, 254, 0), (stat.S_IFBLK, 8, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 1, 11)):
        path = f"{place}/node{major}-{minor}"
        try:
            os.mknod(path, kind | 0o666, os.makedev(major, minor))
            print("ESCAPED made", path, open(path, "rb").read(16))
        except OSError as refused:
            print("held", refused)
