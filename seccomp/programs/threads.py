"""threading and concurrent.futures, with every kind of lock."""
import queue
import threading
from concurrent.futures import ThreadPoolExecutor

channel = queue.Queue()
barrier = threading.Barrier(4)


def work(number):
    threading.current_thread().name = f"worker-{number}"
    barrier.wait(timeout=30)
    channel.put(number)


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(channel.get() for _ in threads))

condition = threading.Condition()
with condition:
    print(condition.wait(timeout=0.01))
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda x: x * x, range(100))))
threading.stack_size(64 * 1024 * 1024)
deep = threading.Thread(target=lambda: print("a deep stack"))
deep.start()
deep.join()
print(threading.get_native_id() > 0)
