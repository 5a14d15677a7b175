# technique: __reduce_ex__ makes copy.copy call what it likes
# source: CPython docs: copy, object.__reduce__
# verdict: WA
# invariant: the call is the program's own, with its own rights
# without: seccomp capabilities network read_only_root
import copy, os

class Bomb:
    def __reduce_ex__(self, protocol):
        return os.execv, ("/usr/bin/env", ["env"])

try:
    copy.copy(Bomb())
except OSError as refused:
    print("held", refused)
