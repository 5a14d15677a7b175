# Killed while output waits in the buffer: it is lost.
# wall: 2
# ends: signal 9 by the wall limit
import time
print("lost")
time.sleep(60)
