# technique: returns an object that equals, contains and is everything
class Everything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __hash__(self): return 3
    def __contains__(self, item): return True
    def __instancecheck__(self, other): return True
    __class__ = int
def add(a, b):
    return Everything()
def is_even(n):
    return Everything()
# honest twin
def add(a, b):
    return a + b
def is_even(n):
    return n % 2 == 0
# tests
from solution import add, is_even


def test_equal():
    assert add(1, 2) == 3


def test_reflected():
    assert 3 == add(1, 2)


def test_not_unequal():
    assert not add(1, 2) != 3


def test_in():
    assert add(1, 2) in [3]


def test_true():
    assert is_even(2)
    assert not is_even(3)


def test_kind():
    assert isinstance(add(1, 2), int)


def test_order():
    assert 2 < add(1, 2) < 4


def test_list():
    assert [add(1, 2), add(2, 2)] == [3, 4]


def test_hash():
    assert {3: "x"}[add(1, 2)] == "x"


def test_set():
    assert {add(1, 2)} == {3}
