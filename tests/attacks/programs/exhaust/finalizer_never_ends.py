# technique: the program has ended, but __del__, atexit and a thread go on
# source: CPython docs: atexit, object.__del__
# verdict: TLE
# invariant: the end of a program is the end of its process
# without: seccomp capabilities
import atexit, threading

class Immortal:
    def __del__(self):
        while True:
            pass

keep = Immortal()
atexit.register(lambda: None)
print("held", flush=True)
