# technique: prlimit, setpriority, sched_setaffinity, sched_setscheduler and ioprio_set of PID 1, which has the same user
# source: prlimit(2): the kernel lets a user set the limits of their own processes
# verdict: WA
# invariant: the runner keeps its limits, its priority and its CPUs
# without: seccomp capabilities
import ctypes, os, resource

libc = ctypes.CDLL(None, use_errno=True)
try:
    resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))
    print("ESCAPED prlimit")
except OSError as refused:
    print("held", refused)
low = ctypes.c_int(0)
mask = ctypes.c_ulong(1)
for name, result in (
    ("setpriority", libc.setpriority(0, 1, 19)),
    ("setpriority of the user", libc.setpriority(2, 0, 19)),
    ("sched_setaffinity", libc.sched_setaffinity(1, 8, ctypes.byref(mask))),
    ("sched_setscheduler", libc.sched_setscheduler(1, 3, ctypes.byref(low))),
    ("sched_setparam", libc.sched_setparam(1, ctypes.byref(low))),
):
    print("held" if result else "ESCAPED", name, ctypes.get_errno())
