# technique: recursion without a limit, in Python and in C
# source: CPython docs: sys.setrecursionlimit
# verdict: MLE RTE
# invariant: the process ends alone
# without: seccomp capabilities
import sys

sys.setrecursionlimit(2**31 - 1)

class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x"[:0]) if name else None

def down(depth):
    return down(depth + 1) + (lambda: down(depth))()

down(0)
