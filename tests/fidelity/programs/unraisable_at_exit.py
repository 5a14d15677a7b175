# A finalizer that fails at the end of the interpreter.
class Fails:
    def __call__(self, *args): raise ValueError("at the end")
    def __repr__(self): return "<a finalizer>"
class Thing:
    __del__ = Fails()
thing = Thing()
print("done")
