def stats(xs):
    return min(xs), max(xs), sum(xs) / len(xs)
# tests
import pytest
from solution import stats


def test_0():
    assert stats([1, 2, 3]) == (1, 3, 2.0)


def test_1():
    assert stats((5,))[2] == 5


def test_that_fails():
    assert stats([1]) == [1, 1, 1]


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        stats(*range(9), n)


def test_is_a_function():
    assert callable(stats)
