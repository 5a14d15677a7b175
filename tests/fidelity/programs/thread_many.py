# Twenty threads at once, their locks, and how they are counted.
import threading, queue
tasks, lock, total = queue.Queue(), threading.Lock(), 0
def work():
    global total
    while (task := tasks.get()) is not None:
        with lock: total += task
threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
print(threading.active_count())
for task in range(1000): tasks.put(task)
for _ in threads: tasks.put(None)
for thread in threads: thread.join()
print(total, threading.active_count())
