# technique: a thread calls execve: the process gets another program, and the thread the number of the first one
# source: execve(2): effect on threads
# verdict: WA
# invariant: it is the same process, with the same limits
# without: seccomp
import os, sys, threading

text = "import os, resource; print('held', os.getpid(), resource.getrlimit(resource.RLIMIT_CPU), os.listdir('/proc/self/fd'))"
thread = threading.Thread(target=os.execv, args=(sys.executable, [sys.executable, "-c", text]))
thread.start()
thread.join()
