# os.fork and the statuses of children.
import os, sys
print("before", flush=True)
for leave in (lambda: os._exit(3), lambda: os.kill(os.getpid(), 9), lambda: os.abort()):
    pid = os.fork()
    if pid == 0: leave()
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
try: os.wait()
except ChildProcessError as error: print(error)
