# An exception in a finalizer is told and passed over.
class Fails:
    def __call__(self, *args): raise ValueError("in del")
    def __repr__(self): return "<a finalizer>"
class Thing:
    __del__ = Fails()
Thing()
print("goes on")
