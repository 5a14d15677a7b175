# Killed by itself: what was not flushed is lost.
# ends: signal 9
import os, signal
print("flushed", flush=True)
print("lost")
os.kill(os.getpid(), signal.SIGKILL)
