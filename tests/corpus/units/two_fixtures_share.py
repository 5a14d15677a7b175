class Bank:
    def __init__(self):
        self.accounts = {}

    def open(self, name, balance=0):
        if name in self.accounts:
            raise ValueError(f"{name} has an account")
        self.accounts[name] = balance
        return name

    def transfer(self, source, target, amount):
        if self.accounts[source] < amount:
            raise RuntimeError("not enough")
        self.accounts[source] -= amount
        self.accounts[target] += amount
# tests
import pytest
from solution import Bank


@pytest.fixture
def bank():
    return Bank()


@pytest.fixture
def ada(bank):
    return bank.open("ada", 10)


@pytest.fixture
def bob(bank):
    return bank.open("bob")


def test_transfer(bank, ada, bob):
    bank.transfer(ada, bob, 4)
    assert bank.accounts == {"ada": 6, "bob": 4}


def test_not_enough(bank, ada, bob):
    with pytest.raises(RuntimeError):
        bank.transfer(bob, ada, 1)
    assert bank.accounts[ada] == 10


def test_twice(bank, ada):
    with pytest.raises(ValueError, match="ada has an account"):
        bank.open(ada)


def test_unknown(bank, ada):
    with pytest.raises(KeyError):
        bank.transfer(ada, "eve", 1)


def test_wrong(bank, ada):
    assert bank.accounts == {}
