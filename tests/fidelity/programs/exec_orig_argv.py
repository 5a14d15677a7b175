# Exec with what sys.orig_argv says gives the same program.
import os, sys
print(sys.orig_argv, flush=True)
if "AGAIN" not in os.environ:
    os.execve(sys.executable, sys.orig_argv, {**os.environ, "AGAIN": "1"})
print(sys.flags, os.environ["AGAIN"])
