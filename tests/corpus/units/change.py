def ways(n, coins):
    w = [1] + [0] * n
    for c in coins:
        for i in range(c, n + 1):
            w[i] += w[i - c]
    return w[n]
# tests
import pytest
from solution import ways


def test_0():
    assert ways(10, [1, 2, 5]) == 10


def test_1():
    assert ways(0, []) == 1


def test_2():
    assert ways(3, (2,)) == 0


def test_that_fails():
    assert ways(4, [1, 3]) == 3


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        ways(*range(9), n)
