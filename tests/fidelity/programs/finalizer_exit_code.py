# A finalizer cannot change the exit status, and its exit is told.
class Leaves:
    def __call__(self, *args):
        import sys
        sys.exit(3)
    def __repr__(self): return "<a finalizer>"
class Thing:
    __del__ = Leaves()
thing = Thing()
