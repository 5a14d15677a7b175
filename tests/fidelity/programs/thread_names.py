# The first thread that is made is number one.
import threading
thread = threading.Thread(target=lambda: print(threading.current_thread().name))
thread.start(); thread.join()
print(thread.name, threading.Timer(1, print).name, threading.Thread(target=print).name)
