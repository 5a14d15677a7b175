# The first process cannot be hurt.
import os, signal
os.kill(1, signal.SIGKILL)
os.kill(1, 0)
print("both alive")
