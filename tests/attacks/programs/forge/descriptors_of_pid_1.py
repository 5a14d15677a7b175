# technique: opens /proc/1/fd/* and writes there
# source: proc_pid_fd(5); CVE-2019-5736 and kin begin so
# verdict: WA
# invariant: PID 1 is undumpable, so its descriptors are root's
# without: seccomp capabilities
import os

for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) == os.getpid():
        continue
    for number in range(32):
        for flags in (os.O_WRONLY, os.O_RDONLY, os.O_RDWR):
            try:
                descriptor = os.open(f"/proc/{pid}/fd/{number}", flags | os.O_NONBLOCK)
                os.write(descriptor, bytes(64))
                print("ESCAPED", pid, number)
            except OSError:
                pass
print("held")
