# exec and eval in and outside of functions.
def f():
    x = 1
    exec("x = 2; y = 3")
    return x, sorted(locals()), eval("x + 1")
print(f()); exec("z = 5"); print(z, eval("__name__"), eval("__file__"))
print(sorted(name for name in globals() if len(name) == 1), exec.__module__)
exec("print(__name__, '__builtins__' in globals())", {})
