# A hook of one's own for uncaught exceptions.
# ends: exit 1
import sys
def hook(kind, value, traceback):
    print("hooked", kind.__name__, value, traceback.tb_lineno)
sys.excepthook = hook
[][0]
