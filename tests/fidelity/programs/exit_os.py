# os._exit ends at once: nothing is flushed, no handler runs.
# ends: exit 3
import os, atexit
atexit.register(print, "never")
print("lost")
os.write(1, b"written\n")
os._exit(3)
