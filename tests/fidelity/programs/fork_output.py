# os.fork: both have what was in the buffer.
import os
print("before")
pid = os.fork()
if pid == 0:
    print("child", os.getppid() != 1)
else:
    os.waitpid(pid, 0)
    print("parent")
