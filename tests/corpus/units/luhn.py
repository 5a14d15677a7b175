def valid(n):
    d = [int(c) for c in str(n)][::-1]
    return (sum(d[::2]) + sum(sum(divmod(2 * x, 10)) for x in d[1::2])) % 10 == 0
# tests
import pytest
from solution import valid


def test_0():
    assert valid(79927398713)


def test_1():
    assert not valid(79927398710)


def test_2():
    assert valid('0')


def test_that_fails():
    assert valid(1)


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        valid(*range(9), n)


def test_is_a_function():
    assert callable(valid)
