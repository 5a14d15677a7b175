def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def chunks(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]


def accumulate():
    total = 0
    while True:
        value = yield total
        if value is None:
            return
        total += value


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Grid:
    def __init__(self):
        self.cells = {}

    def __setitem__(self, key, value):
        self.cells[key] = value

    def __getitem__(self, key):
        return self.cells[key]

    def __delitem__(self, key):
        del self.cells[key]

    def __iter__(self):
        yield from sorted(self.cells)

    def __len__(self):
        return len(self.cells)

    def __reversed__(self):
        return iter(sorted(self.cells, reverse=True))
# tests
import itertools

import pytest
from solution import Countdown, Grid, accumulate, chunks, fibonacci


def test_islice():
    assert list(itertools.islice(fibonacci(), 6)) == [0, 1, 1, 2, 3, 5]


def test_next():
    numbers = fibonacci()
    assert [next(numbers) for _ in range(3)] == [0, 1, 1]


def test_chunks():
    assert list(chunks([1, 2, 3], 2)) == [[1, 2], [3]]
    assert sum(map(len, chunks("abc", 1))) == 3


def test_send():
    totals = accumulate()
    next(totals)
    assert totals.send(3) == 3 and totals.send(4) == 7
    totals.close()


def test_class():
    assert list(Countdown(3)) == [2, 1, 0]
    countdown = Countdown(1)
    assert iter(countdown) is not None
    assert next(countdown) == 0
    with pytest.raises(StopIteration):
        next(countdown)
    assert next(Countdown(0), "nothing") == "nothing"


def test_for():
    found = []
    for a, b in zip(Countdown(3), fibonacci()):
        found.append((a, b))
    assert found == [(2, 0), (1, 1), (0, 1)]


def test_items():
    grid = Grid()
    grid[1, 2] = "x"
    grid[0, 0] = "y"
    assert grid[1, 2] == "x" and len(grid) == 2
    assert list(grid) == [(0, 0), (1, 2)]
    assert list(reversed(grid)) == [(1, 2), (0, 0)]
    del grid[0, 0]
    with pytest.raises(KeyError):
        grid[0, 0]


def test_unpacking():
    first, *rest = Countdown(3)
    assert first == 2 and rest == [1, 0]
    assert max(Countdown(4)) == 3 and set(Countdown(2)) == {0, 1}


def test_wrong():
    assert list(Countdown(2)) == [2, 1]


def test_iterator_of_itself():
    numbers = fibonacci()
    assert iter(numbers) is numbers and next(numbers) == 0 and next(iter(numbers)) == 1
    countdown = Countdown(2)
    assert iter(countdown) is countdown and [*countdown] == [1, 0]
