# None is at a fixed place or not, but its hash is the same twice in a run.
print(hash(None) == hash(None), hash(print) == hash(print), hash("x") == hash("".join(["x"])))
