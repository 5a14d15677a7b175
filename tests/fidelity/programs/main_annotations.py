# Annotations of the main program are collected as always.
import sys
before = "__annotations__" in globals()
x: int = 1
y: "list[int]"
print(before, __annotations__ if sys.version_info < (3, 14) else "lazy")
