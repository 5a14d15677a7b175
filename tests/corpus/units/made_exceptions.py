class InsufficientFunds(Exception):
    """Too little."""
    limit = 100
    def __init__(self, balance, amount):
        super().__init__(f"need {amount - balance} more")
        self.balance, self.amount = balance, amount
    def missing(self): return self.amount - self.balance
    @classmethod
    def of(cls, amount): return cls(0, amount)
class Unpaid(InsufficientFunds):
    def __str__(self): return f"unpaid: {self.missing()}"
class Coded(ValueError):
    code = 7
    def describe(self): return f"{self.code}: {self.args[0]}"
def withdraw(balance, amount):
    if amount > balance:
        raise InsufficientFunds(balance, amount)
    return balance - amount
def caught(function):
    try:
        function()
    except InsufficientFunds as error:
        return error.missing()
def missing_of(error): return error.missing()
def is_one(error): return isinstance(error, InsufficientFunds)
class LazyError(Exception):
    def __init__(self, text): pass
# tests
import unittest
from unittest import mock

import pytest

import solution
from solution import Coded, InsufficientFunds, LazyError, Unpaid, caught, is_one, missing_of, withdraw


def test_attributes():
    error = InsufficientFunds(5, 10)
    assert (error.balance, error.amount, error.missing()) == (5, 10, 5)
    assert not hasattr(error, "nothing")


def test_text_and_arguments():
    assert str(InsufficientFunds(5, 10)) == "need 5 more"
    assert InsufficientFunds(5, 10).args == ("need 5 more",)
    assert str(Unpaid(1, 4)) == "unpaid: 3"
    assert "need 5 more" in repr(InsufficientFunds(5, amount=10))


def test_what_it_wants():
    with pytest.raises(TypeError):
        InsufficientFunds()
    with pytest.raises(TypeError):
        InsufficientFunds(1, 2, 3)


def test_of_the_class():
    assert InsufficientFunds.limit == 100 and Coded.code == 7
    assert isinstance(InsufficientFunds.of(3), InsufficientFunds)
    assert Coded("x").describe() == "7: x"
    assert issubclass(Unpaid, InsufficientFunds) and issubclass(Coded, ValueError)


def test_changed():
    error = Coded("x")
    error.code = 8
    assert error.describe() == "8: x" and Coded.code == 7


def test_changed_class(monkeypatch):
    monkeypatch.setattr(Coded, "code", 9)
    assert Coded("x").describe() == "9: x"


def test_raised_here():
    def fail():
        raise InsufficientFunds(1, 4)
    assert caught(fail) == 3
    assert caught(mock.Mock(side_effect=InsufficientFunds(2, 9))) == 7
    with pytest.raises(InsufficientFunds, match="need 3 more") as caught_here:
        fail()
    assert caught_here.value.amount == 4


def test_handed_over():
    assert missing_of(InsufficientFunds(1, 4)) == 3
    assert is_one(Unpaid(0, 1)) and not is_one(Coded("x"))
    with pytest.raises(InsufficientFunds) as raised:
        withdraw(1, 5)
    assert is_one(raised.value) and missing_of(raised.value) == 4


def test_what_it_does_not_keep():
    assert LazyError("text").args == ("text",)
    assert solution.LazyError("text").args == ("text",)


def test_wrong_text():
    assert str(InsufficientFunds(5, 10)) == "need 6 more"


def test_wrong_attribute():
    assert InsufficientFunds(5, 10).nothing == 1


class Cases(unittest.TestCase):
    def test_raised(self):
        with self.assertRaises(InsufficientFunds) as raised:
            withdraw(1, 5)
        self.assertEqual(raised.exception.amount, 5)
        self.assertIsInstance(InsufficientFunds(1, 2), InsufficientFunds)
