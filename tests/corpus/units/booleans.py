def xor(a, b):
    return bool(a) != bool(b)
def all_even(xs):
    return all(x % 2 == 0 for x in xs)
# tests
import pytest
from solution import xor, all_even


def test_0():
    assert xor(1, '') is True


def test_1():
    assert xor([], ()) is False


def test_2():
    assert all_even([]) is True


def test_that_fails():
    assert all_even([1]) is True


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        xor(*range(9), n)
