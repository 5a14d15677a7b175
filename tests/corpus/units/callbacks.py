def apply(function, values):
    return [function(value) for value in values]


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def retry(action, times):
    for attempt in range(times):
        try:
            return action()
        except ValueError:
            if attempt == times - 1:
                raise
    return None


def twice(function):
    def wrapper(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return wrapper


def consume(items):
    return sum(items)


def countdown(n):
    while n > 0:
        yield n
        n -= 1


class Notifier:
    def __init__(self, send, store):
        self.send, self.store = send, store

    def notify(self, name):
        user = self.store.find(name)
        if user is None:
            raise LookupError(name)
        return self.send(user["mail"], subject=f"Hi {name}")
# tests
from unittest import mock

import pytest
from solution import Notifier, apply, compose, consume, countdown, retry, twice


def double(value):
    return value * 2


def test_apply():
    assert apply(double, [1, 2]) == [2, 4]
    assert apply(lambda value: value + 1, (1,)) == [2]
    assert apply(str.upper, ["a"]) == ["A"]
    assert apply(len, ["abc", ""]) == [3, 0]


def test_compose():
    assert compose(double, str)(4) == "8"
    assert compose()(1) == 1


def test_exception_of_the_test_comes_back():
    class Mine(ValueError):
        pass

    calls = []

    def fail():
        calls.append(1)
        raise Mine("again")

    with pytest.raises(Mine):
        retry(fail, 3)
    assert len(calls) == 3


def test_exception_that_is_caught():
    answers = iter([ValueError("no"), 5])

    def action():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert retry(action, 2) == 5


def test_decorator():
    calls = []

    @twice
    def add(value, more=0):
        calls.append(value)
        return value + more

    assert add(1, more=2) == 3
    assert calls == [1, 1]


def test_generators():
    assert consume(n for n in range(4)) == 6
    assert list(countdown(3)) == [3, 2, 1]
    steps = countdown(1)
    assert next(steps) == 1
    with pytest.raises(StopIteration):
        next(steps)


def test_mocks():
    send, store = mock.Mock(return_value=True), mock.Mock()
    store.find.return_value = {"mail": "ada@example.org"}
    assert Notifier(send, store).notify("ada") is True
    send.assert_called_once_with("ada@example.org", subject="Hi ada")
    store.find.assert_called_once_with("ada")


def test_fake():
    class Store:
        def find(self, name):
            return None

    with pytest.raises(LookupError):
        Notifier(mock.Mock(), Store()).notify("ada")


def test_mock_that_fails():
    send = mock.Mock(side_effect=[ConnectionError("down"), 3])
    store = mock.Mock(**{"find.return_value": {"mail": "x"}})
    notifier = Notifier(send, store)
    with pytest.raises(ConnectionError, match="down"):
        notifier.notify("a")
    assert notifier.notify("a") == 3
    assert send.call_count == 2


def test_mock_that_was_not_called():
    send = mock.Mock()
    Notifier(send, mock.Mock())
    send.assert_called_once()
