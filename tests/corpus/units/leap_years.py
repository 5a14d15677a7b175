def leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
# tests
import pytest
from solution import leap


def test_0():
    assert leap(2000)


def test_1():
    assert not leap(1900)


def test_2():
    assert leap(2024) is True


def test_that_fails():
    assert leap(2023)


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        leap(*range(9), n)
