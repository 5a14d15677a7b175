# What children used is told of them.
import os, resource
if os.fork() == 0:
    sum(range(3_000_000)); os._exit(0)
pid, status, usage = os.wait4(-1, 0)
print(status, usage.ru_utime > 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0)
