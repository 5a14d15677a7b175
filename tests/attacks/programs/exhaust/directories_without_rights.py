# technique: directories and files from which every right is taken, with names that no terminal likes
# source: unlink(2): the rights of the directory count
# verdict: WA
# invariant: they are gone before the next test
# without: seccomp capabilities
import os

if os.listdir("/tmp") or os.path.exists("/work/locked"):
    print("LEAKED", os.listdir("/tmp"))
for top in ("/tmp", "/work", "/dev/shm"):
    for name in (b"locked", b"\n\x1b[31m\xff", b"-rf", b"..." + b"x" * 200):
        path = os.path.join(os.fsencode(top), name)
        os.makedirs(path + b"/inner/inner")
        open(path + b"/inner/file", "w").close()
        os.symlink("/", path + b"/inner/link")
        os.chmod(path + b"/inner", 0)
        os.chmod(path, 0)
print("held")
