# technique: /proc/*/cmdline, comm, status, stat, wchan, stack, cgroup and mountinfo: what others were started with
# source: proc(5)
# verdict: WA
# invariant: command lines hold no secret
# without: seccomp capabilities network read_only_root
import glob

for name in ("cmdline", "comm", "status", "stat", "cgroup", "mountinfo", "limits", "cpuset", "sessionid", "loginuid", "stack", "syscall", "wchan", "personality"):
    for path in glob.glob(f"/proc/[0-9]*/{name}"):
        try:
            with open(path, "rb") as file:
                print(path, file.read(1000))
        except OSError as refused:
            print("held", refused)
