# Weak containers lose what has no other reference.
import weakref
class Thing: pass
things = weakref.WeakValueDictionary(); keys = weakref.WeakKeyDictionary(); group = weakref.WeakSet()
a, b = Thing(), Thing()
things["a"], things["b"] = a, b
keys[a] = 1; group.add(b)
del b
print(list(things), len(keys), len(group))
