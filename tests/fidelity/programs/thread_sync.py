# Barriers, events, conditions, semaphores and timers.
import threading
barrier, seen = threading.Barrier(3), []
def meet(): barrier.wait(); seen.append(1)
threads = [threading.Thread(target=meet) for _ in range(3)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
condition, ready = threading.Condition(), False
def tell():
    global ready
    with condition: ready = True; condition.notify_all()
threading.Timer(0.01, tell).start()
with condition: condition.wait_for(lambda: ready)
semaphore = threading.BoundedSemaphore(1)
with semaphore: print(semaphore.acquire(blocking=False))
try: semaphore.release()
except ValueError as error: print(error)
print(len(seen), ready, threading.RLock().acquire(), barrier.broken)
