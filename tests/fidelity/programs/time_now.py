# Time goes on.
# differs
import time
print(time.time_ns())
print(time.perf_counter_ns())
print(time.monotonic_ns())
