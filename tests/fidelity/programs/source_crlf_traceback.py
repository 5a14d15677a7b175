# A traceback from a source with Windows line ends.
# ends: exit 1
def f():
    return 1 / 0
f()
