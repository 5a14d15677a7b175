# A handler that registers another one, which does not run.
import atexit
def one():
    print("one")
    atexit.register(print, "two")
atexit.register(one)
