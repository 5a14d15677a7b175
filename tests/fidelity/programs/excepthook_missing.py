# No hook at all.
# ends: exit 1
import sys
del sys.excepthook
raise ValueError("x")
