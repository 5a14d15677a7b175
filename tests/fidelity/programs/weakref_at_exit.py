# weakref.finalize runs at exit where it is wanted; callbacks run at once.
import weakref
class Thing: pass
one, two, three = Thing(), Thing(), Thing()
weakref.finalize(one, print, "finalize one")
second = weakref.finalize(two, print, "finalize two")
second.atexit = False
reference = weakref.ref(three, lambda _: print("three is gone"))
del three
print(reference(), second.alive)
