# Handlers around a fork, and what the child inherits.
import os, atexit
os.register_at_fork(before=lambda: print("before"), after_in_parent=lambda: print("parent after"), after_in_child=lambda: print("child after"))
atexit.register(lambda: print("at exit", os.getppid() != 1))
pid = os.fork()
if pid: os.waitpid(pid, 0)
