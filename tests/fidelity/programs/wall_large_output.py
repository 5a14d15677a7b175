# Killed when more than a buffer was written: whole buffers are seen.
# wall: 2
# ends: signal 9 by the wall limit
import time
for number in range(3000):
    print(number, "x" * 10)
time.sleep(60)
