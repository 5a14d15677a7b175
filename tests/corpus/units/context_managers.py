import contextlib


class Resource:
    def __init__(self, log):
        self.log = log
        self.closed = False

    def __enter__(self):
        self.log.append("open")
        return self

    def __exit__(self, kind, error, trace):
        self.closed = True
        return kind is not None and issubclass(kind, KeyError)


@contextlib.contextmanager
def tag(name, out):
    out.append(f"<{name}>")
    try:
        yield name.upper()
    finally:
        out.append(f"</{name}>")


class Strict:
    def __enter__(self):
        raise PermissionError("no")

    def __exit__(self, *_):
        return None


class Log(list):
    pass


def log():
    return Log()
# tests
import pytest
from solution import Resource, Strict, log, tag


def test_is_closed():
    resource = Resource([])
    with resource as entered:
        assert not entered.closed
    assert resource.closed


def test_swallows():
    with Resource([]):
        raise KeyError("x")


def test_passes_on():
    with pytest.raises(ValueError):
        with Resource([]):
            raise ValueError("x")


def test_generator():
    with tag("b", []) as name:
        assert name == "B"


def test_enter_fails():
    with pytest.raises(PermissionError, match="no"):
        with Strict():
            pytest.fail("was entered")


def test_list_of_the_program():
    entries = log()
    with Resource(entries):
        entries.append("inside")
    assert list(entries) == ["open", "inside"]
    assert len(entries) == 2 and entries[0] == "open"
