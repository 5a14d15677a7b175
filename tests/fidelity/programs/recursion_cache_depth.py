# How deep a cached function can recurse, to the level.
import sys
from functools import cache
sys.setrecursionlimit(1_000_000)
reached = 0


@cache
def deeper(level):
    global reached
    reached = level
    return deeper(level + 1)


try:
    deeper(0)
except RecursionError as error:
    print(reached, error)
