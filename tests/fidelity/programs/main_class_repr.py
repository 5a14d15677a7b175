# How things of the main program are shown.
class Outer:
    class Inner: pass
    def method(self): pass
def outer():
    def inner(): pass
    return inner
print(Outer, Outer.Inner, Outer.method.__qualname__, outer().__qualname__, type(outer()), outer().__module__, repr(Outer.Inner()).split(" at ")[0], (x for x in ()).gi_code.co_qualname)
