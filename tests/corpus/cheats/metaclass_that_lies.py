# technique: a class whose class says that it is a number of numpy
class Meta(type):
    __module__ = "numpy"
    def __eq__(self, other): return True
    def __hash__(self): return 0
class Lie(metaclass=Meta):
    __module__ = "decimal"
    def item(self): return 3
    def __str__(self): return "3"
def add(a, b):
    return Lie()
# honest twin
class Meta(type):
    pass
class Sum(metaclass=Meta):
    def of(self, a, b): return a + b
def add(a, b):
    return Sum().of(a, b)
