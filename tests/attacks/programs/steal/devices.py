# technique: every node below /dev: disks, memory, terminals, what programs write to the console
# source: mem(4), pts(4)
# verdict: WA
# invariant: there are null, zero, random, and no disk
# without: seccomp capabilities network read_only_root
import os, stat

harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}
for directory, _, names in os.walk("/dev"):
    for name in names:
        path = os.path.join(directory, name)
        mode = os.stat(path).st_mode if os.path.exists(path) else 0
        if stat.S_ISBLK(mode):
            print("ESCAPED there is a disk", path)
        if stat.S_ISCHR(mode) and name not in harmless and directory in ("/dev", "/dev/pts"):
            try:
                os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY))
                print("ESCAPED opened", path)
            except OSError as refused:
                print("held", refused)
print("held")
