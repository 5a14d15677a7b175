# The program replaces itself by another run of it.
# args: first
import os, sys
print(sys.argv, os.getpid() == os.getsid(0), flush=True)
if sys.argv[1] == "first":
    os.execv(sys.executable, [sys.executable, "main.py", "second", "third"])
