# A limit to the frames that are shown.
# ends: exit 1
import sys
sys.tracebacklimit = 2
def f(n):
    if n == 0: raise ValueError("deep")
    f(n - 1)
f(9)
