# The reader of the output is gone, which is noticed at the end: exit status 120.
# reader: gone
# ends: exit 120
import os, time
while True:
    try:
        os.write(1, b"x")
    except BrokenPipeError:
        break
    time.sleep(0.005)
print("in the buffer")
