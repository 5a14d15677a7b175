# The reader of the output is gone: an error, a traceback and a second complaint.
# reader: gone
# ends: exit 120
import time
while True:
    print("x" * 100, flush=True)
    time.sleep(0.005)
