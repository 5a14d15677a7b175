# technique: a thread with the largest stack, filled by recursion in C
# source: threading.stack_size, RLIMIT_STACK
# verdict: OLE MLE
# invariant: a stack is memory like any other
# without: seccomp capabilities
import functools, sys, threading

sys.setrecursionlimit(10**8)
threading.stack_size(1 << 30)

def down(depth=0):
    return sorted([1, 2], key=lambda _: down(depth + 1))

thread = threading.Thread(target=down)
thread.start()
thread.join()
