def groups(words):
    out = {}
    for w in words:
        out.setdefault(tuple(sorted(w)), set()).add(w)
    return out
# tests
import pytest
from solution import groups


def test_0():
    assert groups(['ab', 'ba', 'c']) == {('a', 'b'): {'ab', 'ba'}, ('c',): {'c'}}


def test_1():
    assert groups([]) == {}


def test_that_fails():
    assert groups(['a']) == {'a': {'a'}}


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        groups(*range(9), n)
