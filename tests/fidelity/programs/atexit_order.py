# Handlers run last in, first out.
import atexit
for number in range(3):
    atexit.register(print, "handler", number)
@atexit.register
def last(): print("decorated")
atexit.register(print, "gone"); atexit.unregister(last)
print("done", atexit._ncallbacks())
