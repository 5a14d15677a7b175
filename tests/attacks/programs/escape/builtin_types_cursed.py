# technique: methods of built-in types replaced by way of their dictionaries, which ctypes and gc give
# source: forbiddenfruit
# verdict: WA
# invariant: only this process has other types; the next test has its own
# without: seccomp capabilities network read_only_root
import ctypes, gc

space = gc.get_referents(str.__dict__)[0]
space["upper"] = lambda self: "cursed"
ctypes.pythonapi.PyType_Modified(ctypes.py_object(str))
number = int(open(0).readline().split()[1])
if number > 1 and "".upper is None:
    print("LEAKED a method of str")
print("held", "word".upper())
