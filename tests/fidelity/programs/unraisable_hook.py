# A hook of one's own for exceptions in finalizers.
import sys
def hook(args): print("hook", args.exc_type.__name__, args.exc_value, args.err_msg, type(args.object).__name__)
sys.unraisablehook = hook
class Thing:
    def __del__(self): 1 / 0
Thing()
