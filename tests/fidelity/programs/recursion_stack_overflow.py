# The stack of a thread overflows in C: the process is killed.
# ends: signal 11
import ctypes, threading
threading.stack_size(64 * 1024)
print("before", flush=True)
qsort = ctypes.CDLL(None).qsort
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
data = (ctypes.c_int * 2)(2, 1)
@compare
def deeper(one, other):
    qsort(data, 2, 4, deeper)
    return 0
thread = threading.Thread(target=qsort, args=(data, 2, 4, deeper))
thread.start(); thread.join()
