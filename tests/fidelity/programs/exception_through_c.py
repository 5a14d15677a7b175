# A traceback through functions written in C.
# ends: exit 1
def key(x): return 1 / x
sorted(map(lambda x: x, [2, 1, 0]), key=key)
