# technique: puts links, directories and FIFOs in the place of its source, where the runner lays it next
# source: TOCTOU, CVE-2018-15664; white box: files.rs
# verdict: WA
# invariant: the runner follows no link and waits for no FIFO
# without: seccomp read_only_root
import os, sys

path = os.path.abspath(sys.argv[0])
os.remove(path)
number = int(open(0).readline().split()[1])
if number == 1:
    os.symlink("/tmp/elsewhere", path)
    os.symlink(path, "/tmp/elsewhere")
elif number == 2:
    os.makedirs(path + "/inner/inner")
    os.chmod(path, 0)
else:
    os.mkfifo(path)
for place in ("/work", "/tmp", "/dev/shm"):
    for action in (os.rmdir, lambda p: os.rename(p, p + "2"), lambda p: os.chmod(p, 0)):
        try:
            action(place)
            print("ESCAPED changed", place)
        except OSError as refused:
            print("held", refused)
