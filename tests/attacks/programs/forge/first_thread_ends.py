# technique: the first thread ends by itself with status 0, a second one computes on
# source: exit(2): ends one thread; a zombie leader
# verdict: TLE
# invariant: a process lives as long as one of its threads
# without: seccomp
import ctypes, threading

def compute():
    while True:
        pass

threading.Thread(target=compute, daemon=True).start()
ctypes.CDLL(None).syscall(60, 0)
