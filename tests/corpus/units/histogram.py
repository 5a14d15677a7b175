def hist(xs, width):
    out = {}
    for x in xs:
        out[x // width * width] = out.get(x // width * width, 0) + 1
    return out
# tests
import pytest
from solution import hist


def test_0():
    assert hist([1, 2, 11], 10) == {0: 2, 10: 1}


def test_1():
    assert hist([0.5, 1.5], 1) == {0.0: 1, 1.0: 1}


def test_2():
    assert hist([], 1) == {}


def test_that_fails():
    assert hist([-1], 10) == {0: 1}


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        hist(*range(9), n)


def test_is_a_function():
    assert callable(hist)
