# technique: a traceback through very many frames of different functions
# source: CPython: Lib/traceback.py
# verdict: OLE TLE
# invariant: it ends, or is ended in time
# without: seccomp capabilities
import sys

sys.setrecursionlimit(20000)
source = "".join(f"def f{i}(n):\n    return f{(i + 1) % 50}(n - 1) if n else 1 / 0\n" for i in range(50))
exec(compile(source, "deep", "exec"))
f0(15000)
