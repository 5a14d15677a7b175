# technique: an object whose pickled form runs code where it is read
class Bomb:
    def __reduce__(self):
        return eval, ("True",)
    def __getstate__(self): return 3
def add(a, b):
    return Bomb()
# honest twin
import pickle
def add(a, b):
    return pickle.loads(pickle.dumps(a + b))
