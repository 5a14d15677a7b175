# At the start there is no child to wait for.
import os
for wait in (lambda: os.wait(), lambda: os.wait4(-1, 0), lambda: os.waitpid(-1, os.WNOHANG)):
    try:
        print(wait())
    except ChildProcessError as error:
        print(repr(error))
print(os.listdir(f"/proc/self/task/{os.getpid()}") != [], open(f"/proc/self/task/{os.getpid()}/children").read() == "" if os.path.exists(f"/proc/self/task/{os.getpid()}/children") else "")
