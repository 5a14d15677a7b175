# A hook that leaves with a status of its own.
# ends: exit 42
import sys
def hook(*_): sys.exit(42)
sys.excepthook = hook
raise ValueError
