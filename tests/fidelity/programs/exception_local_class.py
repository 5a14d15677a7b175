# An exception class with a qualified name.
# ends: exit 1
class Outer:
    class Inner(Exception): pass
def f():
    class Local(Outer.Inner): __module__ = "elsewhere"
    raise Local("x")
try: f()
except Outer.Inner: raise Outer.Inner("y")
