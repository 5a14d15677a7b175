class ShopError(Exception):
    """Something is wrong in the shop."""


class OutOfStock(ShopError):
    def __init__(self, item, wanted):
        super().__init__(f"{item}: {wanted} wanted")
        self.item, self.wanted = item, wanted


class BadItem(ShopError, KeyError):
    pass


def buy(item, wanted=1):
    if item == "ghost":
        raise BadItem(item)
    if wanted > 3:
        raise OutOfStock(item, wanted)
    return wanted


def chain():
    try:
        buy("ghost")
    except BadItem as error:
        raise RuntimeError("chained") from error


def check(value):
    assert value > 0, "must be positive"


def recurse(n):
    return recurse(n + 1)


def group():
    raise ExceptionGroup("many", [ValueError(1), TypeError("2")])


def stop():
    raise StopIteration(3)


def interrupt():
    raise KeyError("k")
# tests
import pytest
import solution
from solution import BadItem, OutOfStock, ShopError, buy, chain, check, recurse


def test_class_of_the_program():
    with pytest.raises(OutOfStock) as caught:
        buy("tea", 5)
    assert caught.value.item == "tea" and caught.value.wanted == 5
    assert str(caught.value) == "tea: 5 wanted"


def test_class_above():
    with pytest.raises(ShopError):
        buy("tea", 5)
    with pytest.raises(solution.ShopError, match="ghost"):
        buy("ghost")


def test_other_class():
    with pytest.raises(BadItem):
        buy("tea", 5)


def test_several():
    with pytest.raises((ValueError, OutOfStock)):
        buy("tea", 4)


def test_except():
    try:
        buy("tea", 9)
    except OutOfStock as error:
        assert error.wanted == 9
    else:
        pytest.fail("nothing was raised")


def test_hierarchy():
    assert issubclass(OutOfStock, ShopError) and issubclass(ShopError, Exception)
    assert not issubclass(ShopError, OutOfStock)
    assert OutOfStock.__name__ == "OutOfStock"


def test_chain():
    with pytest.raises(RuntimeError, match="^chained$"):
        chain()


def test_assertion_of_the_program():
    with pytest.raises(AssertionError, match="positive"):
        check(0)
    check(1)


def test_assertion_that_nobody_expects():
    check(-1)


def test_recursion():
    with pytest.raises(RecursionError):
        recurse(0)


def test_key_error():
    with pytest.raises(KeyError) as caught:
        solution.interrupt()
    assert caught.value.args == ("k",) and str(caught.value) == "'k'"


def test_message_is_not_as_expected():
    with pytest.raises(RuntimeError, match="other"):
        chain()


def test_no_exception():
    with pytest.raises(OutOfStock):
        buy("tea")


def test_uncaught():
    buy("tea", 7)
