# Handlers run after the traceback.
# ends: exit 1
import atexit, sys
atexit.register(lambda: print("handler", sys.exc_info(), hasattr(sys, "last_value"), file=sys.stderr))
raise ValueError("x")
