def roman(n):
    out = ''
    for v, s in ((10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')):
        while n >= v:
            out += s
            n -= v
    return out
# tests
import pytest
from solution import roman


def test_0():
    assert roman(9) == 'IX'


def test_1():
    assert roman(14) == 'XIV'


def test_2():
    assert roman(0) == ''


def test_that_fails():
    assert roman(4) == 'IIII'


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        roman(*range(9), n)


def test_is_a_function():
    assert callable(roman)
