def swap(s):
    return s.swapcase()
def code(s):
    return [ord(c) for c in s]
# tests
import pytest
from solution import swap, code


def test_0():
    assert swap('äÖ') == 'Äö'


def test_1():
    assert code('😀') == [128512]


def test_2():
    assert swap('ß') == 'SS'


def test_3():
    assert code('\ud800') == [0xd800]


def test_that_fails():
    assert swap('ı') == 'I' and False


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        swap(*range(9), n)
