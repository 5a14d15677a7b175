def balanced(s):
    stack = []
    for c in s:
        if c in '([{':
            stack.append(c)
        elif c in ')]}' and (not stack or stack.pop() + c not in ('()', '[]', '{}')):
            return False
    return not stack
# tests
import pytest
from solution import balanced


def test_0():
    assert balanced('([]{})')


def test_1():
    assert not balanced('(]')


def test_2():
    assert balanced('')


def test_that_fails():
    assert balanced('(')


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        balanced(*range(9), n)
