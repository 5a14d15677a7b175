# Cycles are collected, and their finalizers run.
import gc
class Node:
    def __del__(self): print("gone", self.name)
gc.disable()
for name in "ab":
    one, other = Node(), Node()
    one.name, other.name = name + "1", name + "2"
    one.other, other.other = other, one
del one, other
print("before")
print(gc.collect(), gc.isenabled())
gc.enable()
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
