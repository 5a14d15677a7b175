# Killed while a thread that is no daemon keeps it alive at exit.
# wall: 2
# ends: signal 9 by the wall limit
import threading, time, atexit
atexit.register(print, "never")
threading.Thread(target=time.sleep, args=(60,)).start()
print("end of main", flush=True)
