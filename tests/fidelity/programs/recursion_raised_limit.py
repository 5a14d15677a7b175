# A higher limit, and a recursion that needs it.
import sys
sys.setrecursionlimit(200_000)
def f(n): return 0 if n == 0 else 1 + f(n - 1)
print(f(150_000), sys.getrecursionlimit())
