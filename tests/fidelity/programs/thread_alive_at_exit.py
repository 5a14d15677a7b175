# The interpreter waits for threads before handlers run.
import threading, time, atexit
atexit.register(print, "handler")
def work():
    time.sleep(0.5)
    print("thread ends")
threading.Thread(target=work).start()
print("main ends")
