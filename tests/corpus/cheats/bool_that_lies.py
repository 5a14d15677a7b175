# technique: an object that is true, and every operator of which returns itself
class Yes:
    def __bool__(self): return True
    def __eq__(self, other): return self
    def __lt__(self, other): return self
    def __sub__(self, other): return self
    def __rsub__(self, other): return self
    def __abs__(self): return self
    def __hash__(self): return 3
def add(a, b):
    return Yes()
# honest twin
class Sum:
    def __init__(self, value): self.value = value
    def __bool__(self): return True
def add(a, b):
    return Sum(a + b) and Sum(a + b).value
