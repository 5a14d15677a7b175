def apply(function, *args):
    return function(*args)
def pick(function):
    return function
def configure(widget, callback):
    widget.size, widget.title, widget.items = (1, 2), "x", [1, {2: 3}]
    widget.command = callback
# tests
import functools
import operator
from unittest.mock import Mock, PropertyMock

import pytest

from solution import apply, configure, pick


@functools.lru_cache
def doubled(x):
    return 2 * x


class Item:
    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        return self.x < other.x

    def __len__(self):
        return 3


@pytest.mark.parametrize(
    "function, args, expected",
    [
        (str.upper, ["a"], "A"),
        (str.format, ["{}-{}", 1, 2], "1-2"),
        ("{}-{}".format, [1, 2], "1-2"),
        (str.join, [",", ["a", "b"]], "a,b"),
        (dict.fromkeys, ["ab"], {"a": None, "b": None}),
        (len, [[1]], 1),
        (sorted, [[2, 1]], [1, 2]),
        (isinstance, [3, int], True),
        (list, ["ab"], ["a", "b"]),
        (operator.add, [1, 2], 3),
        (operator.itemgetter(1), [[4, 5]], 5),
        (functools.partial(pow, 2), [3], 8),
        (functools.partial(int, base=2), ["101"], 5),
        (doubled, [4], 8),
    ],
)
def test_applied(function, args, expected):
    assert apply(function, *args) == expected


@pytest.mark.parametrize("function", [len, str.upper, operator.add, int, sorted])
def test_same(function):
    assert pick(function) is function


def test_of_objects():
    one, two = Item(1), Item(2)
    assert apply(min, [two, one]) is one
    assert apply(len, one) == 3
    assert apply(getattr, one, "x") == 1
    assert apply(operator.lt, one, two) is True


def test_printed(capsys):
    apply(print, "hi")
    assert capsys.readouterr().out == "hi\n"


def test_mock():
    widget = Mock()
    type(widget).title = title = PropertyMock()
    configure(widget, lambda: 7)
    assert widget.size == (1, 2) and widget.items == [1, {2: 3}] and widget.command() == 7
    title.assert_called_once_with("x")
