def find(xs, x):
    lo, hi = 0, len(xs)
    while lo < hi:
        mid = (lo + hi) // 2
        if xs[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo if lo < len(xs) and xs[lo] == x else -1
# tests
import pytest
from solution import find


def test_0():
    assert find([1, 3, 5], 5) == 2


def test_1():
    assert find([], 1) == -1


def test_2():
    assert find(range(0, 1000, 2), 500) == 250


def test_that_fails():
    assert find([1, 1, 1], 1) == 1


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        find(*range(9), n)
