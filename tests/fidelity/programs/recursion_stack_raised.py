# The idiom before deep recursion: a larger stack, with a hard limit that is given as infinity.
import resource, sys, threading
resource.setrlimit(resource.RLIMIT_STACK, (2**28, resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
resource.setrlimit(resource.RLIMIT_STACK, (2**27, -1))
print(resource.getrlimit(resource.RLIMIT_STACK))
sys.setrecursionlimit(10**6)
threading.stack_size(2**27)


def depth(left):
    return 0 if left == 0 else 1 + depth(left - 1)


results = []
thread = threading.Thread(target=lambda: results.append(depth(20000)))
thread.start()
thread.join()
print(results, depth(20000))
