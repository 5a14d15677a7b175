# technique: opens and writes the memory of the parent and of every other process
# source: proc_pid_mem(5); THREATS: patch the zygote
# verdict: WA
# invariant: memory of others cannot be opened
# without: seccomp capabilities
import os

for pid in {os.getppid(), 1, *map(int, filter(str.isdigit, os.listdir("/proc")))} - {os.getpid()}:
    for name in ("mem", "clear_refs", "coredump_filter", "timerslack_ns", "sched", "comm", "oom_score_adj", "attr/current", "loginuid", "setgroups", "uid_map"):
        try:
            with open(f"/proc/{pid}/{name}", "r+b", buffering=0) as file:
                file.write(b"1")
            print("ESCAPED wrote", pid, name)
        except OSError as refused:
            print("held", pid, name, refused.errno)
