# A handler that fails is told, the others run, the exit status is 0.
import atexit
class Fails:
    def __call__(self): raise ValueError("in a handler")
    def __repr__(self): return "<a handler>"
atexit.register(print, "first registered")
atexit.register(Fails())
atexit.register(print, "last registered")
