def common(*sets):
    return frozenset.intersection(*map(frozenset, sets))
# tests
import pytest
from solution import common


def test_0():
    assert common({1, 2}, {2, 3}) == {2}


def test_1():
    assert common('abc', 'cb') == frozenset('bc')


def test_2():
    assert common([1]) == {1}


def test_that_fails():
    assert common({1}, {2}) == {1}


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        common(*range(9), n)


def test_is_a_function():
    assert callable(common)
