# The main program has no spec, no cache and a source loader.
print(__spec__, __cached__ if "__cached__" in globals() else "no __cached__", __package__)
print(type(__loader__).__name__, type(__loader__).__module__, __loader__.name, __loader__.path)
