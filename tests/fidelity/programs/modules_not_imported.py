# A module that was not imported cannot be used, even if the interpreter has imported it.
import sys, os
for name in ("numpy", "pandas", "random", "re", "json", "decimal", "ctypes", "signal", "socket", "select", "struct", "threading", "traceback", "array", "math", "gc", "marshal", "types", "functools", "collections", "typing", "enum", "runpy", "importlib.util", "importlib.machinery", "linecache", "tokenize", "weakref", "datetime", "heapq"):
    print(name, name in sys.modules)
try:
    importlib
except NameError as error:
    print(error)
import importlib
print([hasattr(importlib, part) for part in ("machinery", "util", "abc", "resources", "metadata")])
import xml, concurrent, email, collections, logging, multiprocessing
print([hasattr(*pair) for pair in ((xml, "etree"), (concurrent, "futures"), (email, "message"), (collections, "abc"), (logging, "handlers"), (multiprocessing, "pool"))])
