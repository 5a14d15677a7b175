# Pickle of classes and functions of the main program.
import pickle, sys
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
def function(): return "called"
print(pickle.loads(pickle.dumps(Point(3))) == Point(3), pickle.loads(pickle.dumps(function))(), b"__main__" in pickle.dumps(Point))
print(Point.__module__, Point.__qualname__, repr(Point), function.__module__)
with open("data.pickle", "wb") as file: pickle.dump([Point(1)], file)
print(pickle.load(open("data.pickle", "rb"))[0].x)
try: pickle.dumps(lambda: 0)
except (pickle.PicklingError, AttributeError) as error: print(type(error).__name__)
