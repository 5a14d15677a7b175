def row(n):
    r = [1]
    for k in range(n):
        r.append(r[-1] * (n - k) // (k + 1))
    return r
# tests
import pytest
from solution import row


def test_0():
    assert row(4) == [1, 4, 6, 4, 1]


def test_1():
    assert sum(row(100)) == 2**100


def test_that_fails():
    assert row(1) == [1]


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        row(*range(9), n)


def test_is_a_function():
    assert callable(row)
