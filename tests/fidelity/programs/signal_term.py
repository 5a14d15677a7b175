# SIGTERM has no handler.
# ends: signal 15
import os, signal
print("lost")
os.kill(os.getpid(), signal.SIGTERM)
