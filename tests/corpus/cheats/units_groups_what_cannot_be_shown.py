# technique: raises groups, causes and notes of exceptions that hold what cannot be shown, so that their report breaks
class Hidden:
    def __repr__(self): raise RuntimeError("hidden")
    __str__ = __format__ = __repr__
class Noted(Exception):
    __notes__ = [Hidden(), "x" * 500_000]
    def __init__(self): super().__init__({"key": (Hidden(),)})
def group():
    raise ExceptionGroup("several", [ValueError(Hidden()), ExceptionGroup("more", [KeyError(Hidden())])])
def cause():
    try:
        raise KeyError(Hidden())
    except KeyError as error:
        raise ValueError([Hidden()] * 1000) from error
def noted():
    raise Noted
# honest twin
def group():
    return 1
def cause():
    return 2
def noted():
    return 3
# tests
import pytest

import solution


def test_group():
    assert solution.group() == 1


def test_cause():
    assert solution.cause() == 2


def test_noted():
    assert solution.noted() == 3


@pytest.fixture(scope="module")
def shared():
    return solution.noted()


def test_fixture(shared):
    assert shared == 3
