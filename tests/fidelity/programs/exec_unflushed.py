# What is in the buffer is lost by exec.
import os, sys
print("lost")
os.execv(sys.executable, [sys.executable, "-c", "print('new')"])
