"""What a process can ask and set about itself: ids, limits, priorities, affinity, sessions, fork and exec."""
import ctypes
import os
import platform
import pwd
import resource
import sys

print(os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getresuid(), os.getresgid(), os.getgroups())
print(os.getpgrp() == os.getpgid(0), os.getsid(0) > -1, os.getppid() > -1, os.getpriority(os.PRIO_PROCESS, 0))
print(os.sched_getaffinity(0) == os.sched_getaffinity(os.getpid()), os.cpu_count() > 0, os.nice(0), os.nice(1))
os.sched_setaffinity(0, os.sched_getaffinity(0))
os.sched_yield()
print(os.sched_getscheduler(0), os.sched_getparam(0).sched_priority, os.sched_get_priority_max(os.SCHED_FIFO) > os.sched_get_priority_min(0))
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
resource.setrlimit(resource.RLIMIT_STACK, resource.getrlimit(resource.RLIMIT_STACK))
resource.prlimit(0, resource.RLIMIT_CORE, (0, 0))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0, os.times().user >= 0, os.getloadavg()[0] >= 0)
print(platform.system(), platform.machine() == os.uname().machine, os.sysconf("SC_PHYS_PAGES") > 0)
try:
    print(pwd.getpwuid(os.getuid()).pw_uid == os.getuid())
except KeyError:
    print("no such user")
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.chown("/tmp", 0, 0)):
    try:
        change()
    except PermissionError:
        print("refused")

libc = ctypes.CDLL(None, use_errno=True)
libc.qsort.restype = None
ordering = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
numbers = (ctypes.c_int * 3)(3, 1, 2)
libc.qsort(numbers, 3, ctypes.sizeof(ctypes.c_int), ordering(lambda a, b: a[0] - b[0]))
print(list(numbers), sys.flags.isolated)

child = os.fork()
if child == 0:
    os.setsid()
    os.execv(sys.executable, [sys.executable, "-S", "-c", "import os; os._exit(os.getsid(0) == os.getpid())"])
print(os.waitstatus_to_exitcode(os.wait3(0)[1]))
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os._exit(5)
print(os.waitstatus_to_exitcode(os.wait4(child, 0)[1]))
