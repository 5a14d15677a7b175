# A session and a group of its own, a child of the first process, no terminal.
import os
me = os.getpid()
print(os.getsid(0) == me, os.getpgrp() == me, os.getppid(), os.getuid(), os.getgid(), os.geteuid(), os.getgroups())
try:
    os.open("/dev/tty", os.O_RDWR)
except OSError as error:
    print(error)
with open("/proc/self/stat") as file:
    fields = file.read().rsplit(")", 1)[1].split()
print("state", fields[0], "ppid", fields[1], "tty", fields[4], "tpgid", fields[5])
