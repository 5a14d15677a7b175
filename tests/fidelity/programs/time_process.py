# Computing costs time of the process, sleeping does not.
import time
start = time.process_time()
time.sleep(0.3)
slept = time.process_time() - start
sum(range(3_000_000))
print(slept < 0.1, time.process_time() - start > 0.01, time.process_time() < 2)
