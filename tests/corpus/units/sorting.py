def bubble(xs, key=None, reverse=False):
    xs = list(xs)
    key = key or (lambda x: x)
    for i in range(len(xs)):
        for j in range(len(xs) - 1 - i):
            if (key(xs[j]) > key(xs[j + 1])) != reverse and key(xs[j]) != key(xs[j + 1]):
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs
def broken(xs): return sorted(set(xs))
# tests
import random
import pytest
from solution import broken, bubble
@pytest.mark.parametrize("seed", range(5))
def test_random(seed):
    xs = random.Random(seed).choices(range(100), k=20)
    assert bubble(xs) == sorted(xs)
def test_key(): assert bubble(["bb", "a", "ccc"], key=len) == ["a", "bb", "ccc"]
def test_reverse(): assert bubble([1, 3, 2], reverse=True) == [3, 2, 1]
def test_does_not_change():
    xs = [2, 1]; bubble(xs)
    assert xs == [2, 1]
def test_broken(): assert broken([2, 1, 2]) == [1, 2, 2]
def test_broken_but_not_seen(): assert broken([2, 1]) == [1, 2]
