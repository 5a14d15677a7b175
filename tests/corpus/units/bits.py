def ones(n):
    return bin(n).count('1')
def swap(a, b):
    return a ^ b ^ a, a ^ b ^ b
# tests
import pytest
from solution import ones, swap


def test_0():
    assert ones(255) == 8


def test_1():
    assert ones(2**200 - 1) == 200


def test_2():
    assert swap(1, 2) == (2, 1)


def test_that_fails():
    assert ones(4) == 2


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        ones(*range(9), n)
