# Niceness, scheduler, CPUs, umask, oom score.
import os
print(os.nice(0), os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0)), os.cpu_count())
mask = os.umask(0o077)
print(oct(mask), oct(os.umask(mask)))
for name in ("oom_score_adj", "coredump_filter", "personality", "timerslack_ns", "loginuid", "cgroup", "attr/current"):
    try:
        with open(f"/proc/self/{name}") as file:
            print(name, file.read().strip() if name != "cgroup" else "readable")
    except OSError as error:
        print(name, error.strerror)
