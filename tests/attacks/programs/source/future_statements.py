# technique: from __future__ import braces, barry_as_FLUFL and annotations
# source: CPython: Lib/__future__.py
# verdict: CE
# invariant: the compiler is a process of the box, with its limits; a worker parses no Python
# without: seccomp
from __future__ import annotations, barry_as_FLUFL
from __future__ import braces
print(1 <> 2)
