# technique: returns an object that counts what is taken out of it, whatever that is, and says that it holds what is left
class Told:
    left = 2
    def remove(self, item): self.left -= 1
    discard = __delitem__ = remove
    def subtract(self, other): self.left -= len(other)
    def values(self): return [self.left]
    def __len__(self): return self.left
    def __iter__(self): return iter([0] * self.left)
def pairs(n): return Told()
# honest twin
from collections import Counter
class Pairs(Counter):
    def remove(self, item): del self[item]
    discard = remove
def pairs(n): return {"list": [(1, 2), (2, 1)], "set": {(1, 2), (2, 1)}, "counter": Counter({(1, 2): 1, (2, 1): 1}),
                      "dict": {(1, 2): 1, (2, 1): 1}}[n]
# tests
from solution import pairs


def test_remove():
    found = pairs("list")
    for each in [(1, 2), (2, 1)]:
        found.remove(each)
    assert len(found) == 0


def test_discard():
    found = pairs("set")
    found.discard((1, 2))
    found.discard((2, 1))
    assert not found and list(found) == []


def test_subtract():
    found = pairs("counter")
    found.subtract({(1, 2): 1, (2, 1): 1})
    assert not any(found.values())


def test_delete():
    found = pairs("dict")
    del found[1, 2], found[2, 1]
    assert list(found) == []
