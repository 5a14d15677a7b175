def caesar(t, k):
    return ''.join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in t)
# tests
import pytest
from solution import caesar


def test_0():
    assert caesar('xyz', 3) == 'abc'


def test_1():
    assert caesar(caesar('hello', 5), -5) == 'hello'


def test_2():
    assert caesar('A!', 1) == 'A!'


def test_that_fails():
    assert caesar('a', 1) == 'c'


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        caesar(*range(9), n)
