# The lowest threads there are.
import _thread
lock = _thread.allocate_lock(); lock.acquire()
def work(text):
    print(text)
    lock.release()
_thread.start_new_thread(work, ("in a thread",))
lock.acquire()
print(_thread._count() <= 1)
