# A hook of one's own for threads.
import threading
threading.excepthook = lambda args: print("hooked", args.exc_type.__name__, args.exc_value, args.thread.name)
def work(): raise ValueError("x")
thread = threading.Thread(target=work, name="t"); thread.start(); thread.join()
