# A lower limit than the present depth is refused.
import sys
sys.setrecursionlimit(60)
depth = 0
def f():
    global depth
    depth += 1
    f()
try: f()
except RecursionError: print(depth)
def g(n):
    if n: return g(n - 1)
    try: sys.setrecursionlimit(5)
    except RecursionError as error: print(error)
g(20)
