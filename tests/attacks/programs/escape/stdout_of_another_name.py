# technique: os.fdopen, /dev/fd, /proc/self/fd and dup of descriptors that the program was not given
# source: proc_pid_fd(5)
# verdict: WA
# invariant: there are three descriptors and nothing behind them but pipes
# without: seccomp capabilities network read_only_root
import os

own = os.listdir("/proc/self/fd")
for number in range(3, 1024):
    try:
        kind = os.readlink(f"/proc/self/fd/{number}")
        os.fstat(number)
        print("ESCAPED descriptor", number, kind)
    except OSError:
        pass
print("held", {name: os.readlink(f"/dev/fd/{name}") for name in "012"})
