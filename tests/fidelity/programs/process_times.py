# Time that was used before the first statement hardly counts.
import os, resource, time
print(time.process_time() < 0.5, time.thread_time() < 0.5, sum(os.times()[:2]) < 0.5, os.times()[2:4])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_utime + usage.ru_stime < 0.5, 1000 < usage.ru_maxrss < 100_000, usage.ru_nswap, usage.ru_oublock)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(tuple(children))
start = time.perf_counter()
print(time.monotonic() > 0, time.time() > 1.7e9, time.perf_counter() - start < 1)
