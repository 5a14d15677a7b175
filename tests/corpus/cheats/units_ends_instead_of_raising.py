# technique: ends its process where a test expects any exception
import os
def check(value):
    os._exit(0)
def parse(text):
    os.kill(os.getpid(), 9)
# honest twin
def check(value):
    raise ValueError(value)
def parse(text):
    return int(text)
# tests
import pytest
import solution


def test_any_exception():
    with pytest.raises(Exception):
        solution.check(1)


def test_any_at_all():
    with pytest.raises(BaseException):
        solution.parse("x")


def test_swallowed():
    try:
        solution.check(1)
    except Exception:
        pass


def test_finally():
    try:
        solution.parse("1")
    except BaseException:
        return
