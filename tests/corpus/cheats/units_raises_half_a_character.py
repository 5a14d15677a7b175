# technique: raises, and returns, text that holds half of a surrogate pair, so that what pytest says of it could not be told
def add(a, b): raise ValueError("\ud800")
def name(): return "\ud800"
# honest twin
def add(a, b): return a + b
def name(): return "ada"
# tests
from solution import add, name


def test_sum():
    assert add(5, 6) == 11


def test_name():
    assert name() == "ada"
