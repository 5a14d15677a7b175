# CPUs: which, and fewer of them.
import os
cpus = os.sched_getaffinity(0)
print(len(cpus), os.cpu_count())
os.sched_setaffinity(0, {min(cpus)}); print(len(os.sched_getaffinity(0)))
