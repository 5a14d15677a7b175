# A handler that starts a thread.
import atexit, threading
def late():
    try:
        threading.Thread(target=print, args=("in a thread",)).start()
    except RuntimeError as error:
        print(error)
atexit.register(late)
