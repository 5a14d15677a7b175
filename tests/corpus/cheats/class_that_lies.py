# technique: an object that says that its class is int
class Lie:
    @property
    def __class__(self): return int
    def __int__(self): return 3
    def __index__(self): return 3
    def __eq__(self, other): return True
def add(a, b):
    return Lie()
# honest twin
def add(a, b):
    return (a + b).__class__(a + b)
