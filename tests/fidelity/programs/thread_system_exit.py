# sys.exit in a thread ends the thread only.
import threading, sys
def work():
    sys.exit(3)
thread = threading.Thread(target=work); thread.start(); thread.join()
print("goes on")
