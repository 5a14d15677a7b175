class Money:
    def __init__(self, amount): self.amount = amount
    def __truediv__(self, other): return self.amount / other
    def __sub__(self, other): return self.amount - (other.amount if isinstance(other, Money) else other)
    def __rsub__(self, other): return other - self.amount
    def __mod__(self, other): return self.amount % other
    def __mul__(self, factor): return Money(self.amount * factor)
    def __matmul__(self, weights): return sum(self.amount * each for each in weights)
class Poly:
    def __init__(self, *factors): self.factors = factors
    def __floordiv__(self, other): return tuple(each // other for each in self.factors)
class Count(int): pass
class Bag(list):
    def __iadd__(self, items):
        self.extend(items)
        return self
# tests
import pytest
from solution import Bag, Count, Money, Poly


@pytest.fixture
def money():
    return Money(10)


def test_values():
    assert Money(10) / 4 == 2.5
    assert Money(10) - 4 == 6
    assert 14 - Money(10) == 4
    assert Money(10) % 4 == 2
    assert Money(2) @ [1, 2] == 6


def test_objects():
    assert Money(10) - Money(4) == 6
    assert (Money(10) * 3).amount == 30


def test_tuples():
    assert Poly(4, 6) // 2 == (2, 3)


def test_below_int():
    assert Count(3) + 1 == 4


def test_fixture(money):
    assert money / 4 == 2.5


def test_in_place():
    bag = Bag([1])
    bag += [2]
    assert list(bag) == [1, 2]
