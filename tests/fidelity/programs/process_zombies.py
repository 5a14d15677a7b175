# An orphan becomes a child of the first process, and the program does not wait for it.
import os, time
reader, writer = os.pipe()
pid = os.fork()
if pid == 0:
    if os.fork() == 0:
        while os.getppid() != 1: time.sleep(0.001)
        os.write(1, b"the first process is the parent now\n")
    os._exit(0)
os.close(writer)
os.waitpid(pid, 0)
print(os.read(reader, 1))
try: os.waitpid(-1, 0)
except ChildProcessError as error: print(error)
