# One thread, which is the main one.
import threading, _thread, os
print(threading.active_count(), threading.main_thread() is threading.current_thread(), threading.current_thread().name, threading.enumerate()[0].daemon, _thread._count())
print(threading.get_native_id() == os.getpid(), threading.main_thread().ident == threading.get_ident(), threading.main_thread().native_id == os.getpid(), threading.stack_size())
print(repr(threading.main_thread()).split("(")[0], threading._shutdown_locks if hasattr(threading, "_shutdown_locks") else "")
