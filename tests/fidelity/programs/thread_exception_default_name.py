# An exception in a thread without a name of its own.
import threading
def work(): return {}["missing"]
for _ in range(2):
    thread = threading.Thread(target=work); thread.start(); thread.join()
