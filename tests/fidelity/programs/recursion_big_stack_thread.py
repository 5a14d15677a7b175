# The usual trick: a thread with a large stack and a high limit.
import sys, threading
sys.setrecursionlimit(10**7)
threading.stack_size(128 << 20)
def f(n): return 0 if n == 0 else f(n - 1) + 1
thread = threading.Thread(target=lambda: print(f(200_000))); thread.start(); thread.join()
