# KeyboardInterrupt that is not caught: a traceback, then the signal itself.
# ends: signal 2
import os, signal
print("out")
os.kill(os.getpid(), signal.SIGINT)
print("never")
