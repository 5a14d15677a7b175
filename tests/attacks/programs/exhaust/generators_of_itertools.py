# technique: one call of C code that never ends: sum of an endless iterator, list of a product
# source: CPython: signals are handled between bytecodes only
# verdict: TLE
# invariant: it is killed from outside
# without: seccomp capabilities
import collections, itertools

collections.deque(itertools.repeat(None), maxlen=0)
