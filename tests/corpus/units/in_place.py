class Point:
    def __init__(self, x): self.x = x
    def __iadd__(self, other): self.x += other; return self
    def __imul__(self, other): self.x *= other; return self
    def __add__(self, other): return Point(self.x + other)
class Pile:
    def __init__(self): self.things = []
    def __iadd__(self, things): self.things += things; return self
    def __lshift__(self, thing): self.things.append(thing); return self
    def __len__(self): return len(self.things)
    def __iter__(self): return iter(self.things)
class Money:
    def __init__(self, amount): self.amount = amount
    def __add__(self, other): return Money(self.amount + (other.amount if isinstance(other, Money) else other))
    __radd__ = __add__
class Still:
    def __init__(self, x): self.x = x
    def __sub__(self, other): return Still(self.x - other)
def wallet(): return [Money(1), Money(2)]
# tests
from solution import Pile, Point, Still, wallet


def test_it_stays_the_same():
    point = same = Point(1)
    point += 2
    point *= 5
    assert point.x == 15 and point is same


def test_another_one():
    point = same = Point(1)
    point = point + 2
    still = before = Still(3)
    still -= 1
    assert point.x == 3 and same.x == 1 and still.x == 2 and before.x == 3 and still is not before


def test_what_is_held():
    pile = Pile()
    pile += [1, 2]
    pile << 3 << 4
    assert len(pile) == 4 and list(pile) == [1, 2, 3, 4]


def test_sum():
    assert sum(wallet()).amount == 3


def test_wrong():
    point = Point(1)
    point += 2
    assert point.x == 4
