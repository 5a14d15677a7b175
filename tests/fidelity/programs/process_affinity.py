# CPUs: which, and fewer of them.
import os
cpus = os.sched_getaffinity(0)
print(len(cpus), os.cpu_count())
# In a box of several CPUs it keeps them all, which tests/boxes/starvation.rs shows.
os.sched_setaffinity(0, {min(cpus)}); print(min(cpus) in os.sched_getaffinity(0))
