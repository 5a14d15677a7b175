def add(a, b):
    return a + b


def divide(a, b):
    return a / b


def wrong(n):
    return n + 1


LIMIT = 10
# tests
import pytest
import solution
from solution import LIMIT, add, divide, wrong


def test_values():
    assert add(1, 2) == 3
    assert add("a", b="b") == "ab"
    assert LIMIT == 10 and solution.LIMIT == 10


def test_raises():
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        divide(1, 0)


def test_raises_something_else():
    with pytest.raises(ValueError):
        divide(1, 0)


def test_raises_nothing():
    with pytest.raises(ValueError):
        add(1, 2)


def test_wrong():
    assert wrong(1) == 1


def test_error_is_not_caught():
    divide(1, 0)


def test_type_error():
    with pytest.raises(TypeError):
        add(1)


def test_approx():
    assert divide(1, 3) == pytest.approx(0.333333, abs=1e-5)


def test_attribute_that_is_not_there():
    with pytest.raises(AttributeError):
        solution.nothing
    assert not hasattr(solution, "nothing") and hasattr(solution, "add")


def test_code():
    assert add.__code__.co_argcount == 2 and "sorted" not in add.__code__.co_names
    assert add.__code__.co_varnames == ("a", "b")
