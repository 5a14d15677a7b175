# numpy leaves one thread, and may be used by several.
import numpy as np, os, threading
print(len(os.listdir("/proc/self/task")), threading.active_count())
a = np.arange(250_000, dtype=float).reshape(500, 500) % 7
results = [None] * 3
def work(index): results[index] = float((a @ a).sum())
threads = [threading.Thread(target=work, args=(index,)) for index in range(3)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(results, float((a @ a).sum()), len(os.listdir("/proc/self/task")))
