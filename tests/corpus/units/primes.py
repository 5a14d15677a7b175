def sieve(n):
    s = [True] * (n + 1)
    for i in range(2, int(n**0.5) + 1):
        if s[i]:
            s[i * i :: i] = [False] * len(s[i * i :: i])
    return [i for i in range(2, n + 1) if s[i]]
# tests
import pytest
from solution import sieve


def test_0():
    assert sieve(20) == [2, 3, 5, 7, 11, 13, 17, 19]


def test_1():
    assert len(sieve(10000)) == 1229


def test_2():
    assert sieve(1) == []


def test_that_fails():
    assert sieve(4) == [2, 3, 4]


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        sieve(*range(9), n)
