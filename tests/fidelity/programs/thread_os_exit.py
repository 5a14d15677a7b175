# os._exit in a thread ends it all.
# ends: exit 5
import threading, os, time
print("flushed", flush=True)
threading.Thread(target=os._exit, args=(5,)).start()
time.sleep(60)
