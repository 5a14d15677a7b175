# technique: hands out the object that it was given, and one whose objects all are equal, where another one is asked for
class Point:
    def __init__(self, x): self.x, self.kept = x, []
    def __eq__(self, other): return True
    def __hash__(self): return 1
def clone(point):
    return point
class Bag:
    def __init__(self): self.inner = []
    @property
    def items(self): return self.inner
# honest twin
class Point:
    def __init__(self, x): self.x, self.kept = x, []
    def __eq__(self, other): return self.x == other.x
    def __hash__(self): return hash(self.x)
def clone(point):
    return Point(point.x)
class Bag:
    def __init__(self): self.inner = []
    @property
    def items(self): return list(self.inner)
# tests
from solution import Bag, Point, clone


def test_is_not():
    point = Point(1)
    assert clone(point) is not point


def test_set():
    assert len({Point(1), Point(2)}) == 2


def test_keys():
    assert len({Point(1): "a", Point(2): "b"}) == 2


def test_hash():
    assert hash(Point(1)) != hash(Point(2))


def test_not_in():
    assert Point(2) not in {Point(1)}


def test_what_an_attribute_hands_out():
    bag = Bag()
    bag.items.append(1)
    assert bag.items == []
