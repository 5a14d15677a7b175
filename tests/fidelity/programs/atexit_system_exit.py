# A handler that leaves does not change the status.
# ends: exit 5
import atexit, sys
class Leaves:
    def __call__(self, status): sys.exit(status)
    def __repr__(self): return "<a handler>"
atexit.register(Leaves(), 3)
atexit.register(Leaves(), "text")
sys.exit(5)
