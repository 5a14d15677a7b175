# A fork while threads run: the warning of the interpreter.
import os, threading, warnings
def show(message, category, filename, lineno, *_): print(category.__name__, str(message).replace(str(os.getpid()), "N"), filename, lineno)
warnings.showwarning = show
event = threading.Event()
thread = threading.Thread(target=event.wait); thread.start()
if os.fork() == 0: os._exit(0)
os.wait(); event.set(); thread.join()
