# technique: what /proc and /sys tell of the host: kernel's command line, serial numbers, disks, other containers
# source: proc(5), "container fingerprinting", ContainerLeaks (DSN 2017)
# verdict: WA
# invariant: nothing there is a secret, and what is private is masked
# without: seccomp capabilities network read_only_root
import glob

files = ["/proc/cmdline", "/proc/version", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname", "/proc/partitions", "/proc/mounts", "/proc/net/unix", "/proc/locks", "/proc/keys", "/proc/key-users", "/proc/sched_debug", "/proc/timer_list"]
files += glob.glob("/sys/class/dmi/id/*") + glob.glob("/sys/block/*/serial") + glob.glob("/sys/firmware/*/*") + glob.glob("/sys/fs/cgroup/*/docker/*") + glob.glob("/sys/kernel/debug/*") + glob.glob("/sys/kernel/security/*")
for path in files:
    try:
        with open(path, "rb") as file:
            print(path, file.read(400))
    except OSError as refused:
        print("held", refused.errno, path)
