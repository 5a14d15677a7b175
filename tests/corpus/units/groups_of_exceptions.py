def validate(n):
    raise ExceptionGroup("wrong", [ValueError(i) for i in range(n)])
def nested():
    raise ExceptionGroup("outer", [ExceptionGroup("inner", [KeyError("a"), TypeError("b")]), OSError(2, "no")])
class Wrong(Exception): pass
def handled():
    try:
        1 / 0
    except ZeroDivisionError:
        raise Wrong("behind it")
def from_none():
    try:
        1 / 0
    except ZeroDivisionError:
        raise Wrong("alone") from None
def from_it():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise Wrong("from it") from error
# tests
import pytest

from solution import Wrong, from_it, from_none, handled, nested, validate


@pytest.mark.parametrize("count", [1, 5, 7, 100])
def test_members(count):
    with pytest.raises(ExceptionGroup) as raised:
        validate(count)
    assert [error.args[0] for error in raised.value.exceptions] == list(range(count))


def test_split():
    with pytest.raises(ExceptionGroup) as raised:
        validate(8)
    mine, rest = raised.value.split(lambda error: error.args[0] > 5)
    assert len(mine.exceptions) == 2 and len(rest.exceptions) == 6


def test_nested():
    with pytest.raises(ExceptionGroup) as raised:
        nested()
    inner, last = raised.value.exceptions
    assert [type(error) for error in inner.exceptions] == [KeyError, TypeError] and last.errno == 2


def test_context():
    with pytest.raises(Wrong) as raised:
        handled()
    assert isinstance(raised.value.__context__, ZeroDivisionError) and raised.value.__cause__ is None


def test_suppressed():
    with pytest.raises(Wrong) as raised:
        from_none()
    assert raised.value.__suppress_context__ and raised.value.__cause__ is None


def test_cause():
    with pytest.raises(Wrong) as raised:
        from_it()
    assert raised.value.__cause__ is raised.value.__context__ and isinstance(raised.value.__cause__, ZeroDivisionError)


def test_fewer():
    with pytest.raises(ExceptionGroup) as raised:
        validate(7)
    assert len(raised.value.exceptions) == 5
