# As many processes as the box allows.
import os, signal
children = []
try:
    while len(children) < 200:
        pid = os.fork()
        if pid == 0: signal.pause()
        children.append(pid)
except BlockingIOError as error:
    print(error)
print(len(children))
for pid in children: os.kill(pid, signal.SIGKILL); os.waitpid(pid, 0)
