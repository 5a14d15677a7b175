# The leader of a session cannot begin another one, its child can.
import os
try: os.setsid()
except PermissionError as error: print(error)
pid = os.fork()
if pid == 0:
    os.setsid()
    os.write(1, b"a session of its own\n" if os.getsid(0) == os.getpid() else b"no\n")
    os._exit(0)
os.waitpid(pid, 0)
try: os.setpgid(0, 0)
except PermissionError as error: print(error)
