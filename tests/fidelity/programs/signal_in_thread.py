# Handlers run in the main thread, and only it may set them.
import signal, threading, os
signal.signal(signal.SIGUSR1, lambda *_: print(threading.current_thread().name))
def work():
    try: signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    except ValueError as error: print(error)
    signal.raise_signal(signal.SIGUSR1)
thread = threading.Thread(target=work); thread.start(); thread.join()
