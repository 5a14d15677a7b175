# A traceback without a source.
# ends: exit 1
import os
os.remove(__file__)
def f(): 1 / 0
f()
