# technique: an object in the place of the function, whose call returns an object that is equal to everything
class Add:
    __name__ = "add"
    def __call__(self, *_, **__): return self
    def __eq__(self, other): return True
    def __hash__(self): return 3
add = Add()
# honest twin
class Add:
    def __call__(self, a, b): return a + b
add = Add()
