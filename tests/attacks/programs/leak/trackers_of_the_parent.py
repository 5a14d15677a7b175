# technique: what a test can set on the zygote: its group, priority, limits, name, affinity, autogroup
# source: setpgid(2), proc_pid_autogroup(5)
# verdict: WA
# invariant: of the zygote nothing can be set by another process
# without: capabilities
import os, resource

others = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()]
if os.getpriority(os.PRIO_PROCESS, 0) or os.sched_getscheduler(0) != os.SCHED_OTHER:
    print("LEAKED a priority")
for pid in others:
    for attempt in (
        lambda: os.setpgid(pid, pid),
        lambda: os.setpriority(os.PRIO_PROCESS, pid, 10),
        lambda: os.sched_setaffinity(pid, {0}),
        lambda: os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0)),
        lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (20, 20)),
        lambda: open(f"/proc/{pid}/autogroup", "w").write("10"),
        lambda: open(f"/proc/{pid}/comm", "w").write("left"),
    ):
        try:
            attempt()
            print("ESCAPED changed", pid)
        except OSError:
            pass
print("held")
