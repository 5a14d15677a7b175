# SystemExit does not go through the hook.
# ends: exit 2
import sys
sys.excepthook = lambda *args: print("hooked")
sys.exit(2)
