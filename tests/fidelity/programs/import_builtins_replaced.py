# A replaced __import__ sees the imports of the program.
import builtins
original, seen = builtins.__import__, []
def mine(name, *args, **kwargs):
    seen.append(name)
    return original(name, *args, **kwargs)
builtins.__import__ = mine
import json
import colorsys
print(seen[0], "colorsys" in seen, len(seen) > 2)
