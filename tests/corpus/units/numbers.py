def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
def gcd(a, b):
    return gcd(b, a % b) if b else a
# tests
import pytest
from solution import collatz, gcd


def test_0():
    assert collatz(27) == 111


def test_1():
    assert gcd(2**100, 6**30) == 2**30


def test_2():
    assert gcd(0, 5) == 5


def test_that_fails():
    assert gcd(4, 6) == 4


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        collatz(*range(9), n)


def test_is_a_function():
    assert callable(collatz)
