# technique: raises exceptions whose message, class and equality are of its own
class Any(Exception):
    def __str__(self): return Text("whatever")
    def __instancecheck__(self, other): return True
    def __eq__(self, other): return True
class Text(str):
    def __eq__(self, other): return True
    def __contains__(self, other): return True
def divide(a, b):
    raise Any("division by zero")
def parse(text):
    error = Any()
    error.__class__ = type("ValueError", (Any,), {})
    raise error
# honest twin
def divide(a, b):
    return a / b
def parse(text):
    return int(text)
# tests
import pytest
from solution import divide, parse


def test_division():
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


def test_message():
    with pytest.raises(Exception, match="division by zero"):
        divide(1, 0)
    assert divide(4, 2) == 2


def test_parse():
    with pytest.raises(ValueError):
        parse("x")


def test_caught():
    try:
        parse("x")
    except ValueError as error:
        assert "invalid literal" in str(error)
