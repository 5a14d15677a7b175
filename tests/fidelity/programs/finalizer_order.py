# The order in which objects go at the end.
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name)
z = Thing("z"); _y = Thing("_y"); a = Thing("a"); __x = Thing("__x")
