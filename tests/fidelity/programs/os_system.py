# There is no shell.
import os
print(os.waitstatus_to_exitcode(os.system("echo hello")))
try: os.popen("echo").read()
except OSError as error: print(error)
pid = os.posix_spawn("/usr/bin/python3", ["python3", "-c", "print('spawned')"], os.environ)
print(os.waitpid(pid, 0)[1])
