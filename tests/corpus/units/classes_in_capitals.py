class BST:
    def __init__(self, items=()): self.items = sorted(items)
    def __contains__(self, item): return item in self.items
    def find(self, item): return self.items.index(item)
class LRU(BST):
    def get(self, key, default=None): return key if key in self.items else default
class V:
    def __init__(self, x): self.x = x
    def __contains__(self, item): return item == self.x
class TooSmall(ValueError):
    LEAST = 3
    @classmethod
    def get(cls, name, default): return default
def tree(*items): return BST(items)
# tests
import pytest
import solution
from solution import BST, TooSmall, tree


def test_called():
    assert 3 in BST([1, 3]) and 2 not in BST([1, 3]) and BST("ab").find("b") == 1


def test_made_elsewhere():
    assert 3 in tree(1, 3) and 2 not in tree(1, 3)


def test_of_the_module():
    assert 5 in solution.LRU([5]) and solution.LRU([5]).get(6, 7) == 7


def test_one_letter():
    from solution import V

    assert 2 in V(2) and 3 not in V(2)


def test_exceptions():
    assert issubclass(TooSmall, ValueError) and TooSmall.LEAST == 3
    with pytest.raises(TooSmall, match="few"):
        raise TooSmall("few")


def test_lost():
    assert 4 in BST([1, 3])
