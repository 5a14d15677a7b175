# No future import of anybody else holds here.
def f(x: int, y: "str"): pass
print(f.__annotations__)
print(compile("a: int", "x", "exec").co_flags)
