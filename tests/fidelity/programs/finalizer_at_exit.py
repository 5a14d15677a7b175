# Finalizers run at the end of the interpreter, with what is left of the globals.
import sys
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name, sys is None, sys.is_finalizing() if sys else "")
a, b, _c = Thing("a"), Thing("b"), Thing("c")
a.other = b; b.other = a
lists = [Thing("listed")]
print("done")
