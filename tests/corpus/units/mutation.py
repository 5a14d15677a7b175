def sort(values):
    values.sort()


def add_all(target, more):
    target.update(more)
    return len(target)


def remove(values, value):
    values.discard(value)


def clear(matrix):
    for row in matrix:
        for i in range(len(row)):
            row[i] = 0


def extend(values, n):
    values.extend(range(n))
    raise ValueError("after the change")


def drain(queue):
    while True:
        queue.pop(0)


def same(value):
    return value
# tests
import pytest
from solution import add_all, clear, drain, extend, remove, same, sort


def test_list():
    values = [3, 1, 2]
    assert sort(values) is None
    assert values == [1, 2, 3]


def test_dict():
    target = {"a": 1}
    assert add_all(target, {"b": 2}) == 2
    assert target == {"a": 1, "b": 2}


def test_set():
    values = {1, 2}
    remove(values, 1)
    assert values == {2}


def test_nested():
    matrix = [[1, 2], [3]]
    clear(matrix)
    assert matrix == [[0, 0], [0]]


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**70), 1.5, 1 + 2j, "ä😀", b"\x00", (1, (2,)), [1, [2]], {1, 2}, frozenset({3}), {"a": {1: 2}}, range],
)
def test_values_come_back(value):
    if value is not range:
        assert same(value) == value and type(same(value)) is type(value)


def test_big():
    values = list(range(5000))
    assert same(values) == values


def test_changed_before_it_raised():
    queue, values = [1, 2], [7]
    with pytest.raises(IndexError):
        drain(queue)
    with pytest.raises(ValueError):
        extend(values, n=2)
    assert queue == [] and values == [7, 0, 1]


def test_not_changed_before_it_raised():
    values = [7]
    with pytest.raises(ValueError):
        extend(values, 2)
    assert values == [7]
