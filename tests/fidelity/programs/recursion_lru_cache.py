# Recursion through functools.lru_cache, as solutions do it.
import sys
from functools import lru_cache
sys.setrecursionlimit(10**6)
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else (fib(n - 1) + fib(n - 2)) % 1_000_007
try: print(fib(3_000))
except RecursionError as error: print(error)
