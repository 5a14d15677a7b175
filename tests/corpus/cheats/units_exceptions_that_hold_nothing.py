# technique: has exceptions that cannot be made, or hold nothing of what they are made of
class InsufficientFunds(Exception):
    def __init__(self, *args): raise SystemError
class Coded(Exception):
    def __init__(self, *args): super().__init__()
# honest twin
class InsufficientFunds(Exception): pass
class Coded(Exception):
    code = 7
# tests
import pytest

from solution import Coded, InsufficientFunds


def test_arguments():
    assert InsufficientFunds("x").args == ("x",)


def test_text():
    assert str(InsufficientFunds("x")) == "x"


def test_raised():
    with pytest.raises(InsufficientFunds):
        raise InsufficientFunds("a")


def test_kept():
    assert Coded("x").args == ("x",)


def test_text_kept():
    assert str(Coded("x")) == "x"
