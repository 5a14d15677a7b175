def f(a, b=2, *rest, c, d=4, **more): return (a, b, rest, c, d, more)
def only(*, key): return key
def positional(a, b, /): return a - b
def default(xs=None):
    xs = xs if xs is not None else []
    xs.append(1)
    return xs
# tests
import pytest
from solution import default, f, only, positional
def test_all(): assert f(1, c=3) == (1, 2, (), 3, 4, {}) and f(1, 2, 3, 4, c=5, e=6) == (1, 2, (3, 4), 5, 4, {"e": 6})
def test_spread(): assert f(*[1, 2], **{"c": 3, "d": 0}) == (1, 2, (), 3, 0, {})
def test_missing():
    with pytest.raises(TypeError, match="keyword-only"): f(1)
def test_only():
    assert only(key=[1]) == [1]
    with pytest.raises(TypeError): only(1)
def test_positional():
    assert positional(3, 1) == 2
    with pytest.raises(TypeError): positional(a=3, b=1)
def test_default():
    xs = []
    assert default(xs) == [1] and xs == [1] and default() == [1] and default() == [1]
def test_wrong(): assert positional(1, 3) == 2
