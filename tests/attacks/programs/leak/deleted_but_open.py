# technique: a file without a name that a daemon keeps open, reached by /proc of the daemon
# source: open(2), O_TMPFILE; proc_pid_fd(5)
# verdict: WA
# invariant: the daemon is gone, and so is what it held
# without: seccomp capabilities
import os, signal

for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) != os.getpid():
        for number in range(64):
            try:
                if open(f"/proc/{pid}/fd/{number}").read(4) == "left":
                    print("LEAKED by", pid)
            except (OSError, UnicodeDecodeError):
                pass
if os.fork() == 0:
    os.setsid()
    hidden = os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR)
    os.write(hidden, b"left")
    os.lseek(hidden, 0, 0)
    signal.pause()
print("held")
