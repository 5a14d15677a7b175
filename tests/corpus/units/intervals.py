def merge(xs):
    out = []
    for a, b in sorted(xs):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out
# tests
import pytest
from solution import merge


def test_0():
    assert merge([(1, 3), (2, 4), (6, 7)]) == [(1, 4), (6, 7)]


def test_1():
    assert merge([]) == []


def test_2():
    assert merge([[5, 6], [1, 2]]) == [(1, 2), (5, 6)]


def test_that_fails():
    assert merge([(1, 2), (3, 4)]) == [(1, 4)]


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        merge(*range(9), n)
