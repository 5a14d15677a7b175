# A fork in a thread: the child has that thread only.
import os, threading, warnings
warnings.simplefilter("ignore")
def work():
    pid = os.fork()
    if pid == 0:
        os.write(1, f"{threading.active_count()} {threading.current_thread() is threading.main_thread()}\n".encode())
        os._exit(0)
    os.waitpid(pid, 0)
thread = threading.Thread(target=work); thread.start(); thread.join()
