# technique: raises exceptions that hold what cannot be shown, so that the report about them fails
class Hidden:
    def __repr__(self): raise RuntimeError(self)
    __str__ = __format__ = __repr__
class Odd(Exception):
    def __str__(self): raise RuntimeError(Hidden())
    __repr__ = __str__
def add(a, b):
    raise ValueError(Hidden(), [Hidden()])
def subtract(a, b):
    raise Odd(Hidden())
def show(a):
    return Hidden()
# honest twin
def add(a, b):
    return a + b
def subtract(a, b):
    return a - b
def show(a):
    return str(a)
# tests
import pytest
from solution import add, show, subtract


def test_sum():
    assert add(1, 2) == 3


def test_difference():
    assert subtract(3, 2) == 1


def test_shown():
    assert show(1) == "1", show(2)


@pytest.fixture
def total():
    return add(1, 1)


def test_fixture(total):
    assert total == 2
