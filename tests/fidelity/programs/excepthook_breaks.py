# A hook that fails: both tracebacks are shown.
# ends: exit 1
import sys
def hook(kind, value, traceback): raise KeyError("in the hook")
sys.excepthook = hook
raise ValueError("the first")
