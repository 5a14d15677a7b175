# The depth that a thread reaches.
import threading
depth = 0
def f():
    global depth
    depth += 1
    f()
def work():
    try: f()
    except RecursionError: print(depth)
thread = threading.Thread(target=work); thread.start(); thread.join()
