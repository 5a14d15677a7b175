from itertools import groupby
def encode(s):
    return [(c, len(list(g))) for c, g in groupby(s)]
def decode(p):
    return ''.join(c * n for c, n in p)
# tests
import pytest
from solution import encode, decode


def test_0():
    assert encode('aab') == [('a', 2), ('b', 1)]


def test_1():
    assert decode(encode('xxyz')) == 'xxyz'


def test_2():
    assert encode('') == []


def test_that_fails():
    assert encode('a') == [['a', 1]]


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        encode(*range(9), n)
