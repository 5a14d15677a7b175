# technique: puts into a mock what says that it was used well: another mock, a table, an exception or a function
class Used(Exception):
    called, call_count = True, 1
    def assert_called_once_with(self, *args): pass
def tries(*actions):
    for action in actions:
        try:
            action()
        except BaseException:
            pass
def notify(a, b):
    import collections
    tries(
        lambda: setattr(a, "send", b.send),
        lambda: setattr(a, "send", Used()),
        lambda: setattr(a, "send", collections.namedtuple("Sent", "called call_count")(True, 1)),
    )
def count(a, table):
    import pandas
    a.send = pandas.Series({"called": True, "call_count": 1})
def check(a, spy, callback):
    a.send = spy
# honest twin
def notify(a, b):
    a.topic, a.sizes = "news", [1, (2, 3)]
    a.send("hi")
def count(a, table):
    a.table = table
    a.send("hi")
def check(a, spy, callback):
    a.callback = callback
    a.send("hi")
# tests
from unittest.mock import Mock

import pandas

from solution import check, count, notify


def test_another_mock():
    a, b = Mock(), Mock()
    b.send("hi")
    notify(a, b)
    a.send.assert_called_once_with("hi")
    assert a.topic == "news" and a.sizes == [1, (2, 3)]


def test_table():
    a, table = Mock(), pandas.Series({"x": 1})
    count(a, table)
    assert a.send.called and a.send.call_count == 1
    assert a.table["x"] == 1


def test_function():
    def spy(*args):
        spy.call_count += 1

    spy.call_count, a = 1, Mock()
    check(a, spy, lambda: 7)
    assert a.send.call_count == 1 and a.callback() == 7
