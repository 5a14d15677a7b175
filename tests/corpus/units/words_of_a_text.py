import re
def words(t):
    return re.findall(r"[a-z']+", t.lower())
def top(t, n):
    ws = words(t)
    return sorted(set(ws), key=lambda w: (-ws.count(w), w))[:n]
# tests
import pytest
from solution import words, top


def test_0():
    assert words("Don't stop!") == ["don't", 'stop']


def test_1():
    assert top('b a b c', 2) == ['b', 'a']


def test_2():
    assert top('', 3) == []


def test_that_fails():
    assert top('a b', 1) == ['b']


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        words(*range(9), n)


def test_is_a_function():
    assert callable(words)
