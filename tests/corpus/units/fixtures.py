import itertools

numbers = itertools.count()


class Account:
    opened = 0

    def __init__(self, owner, balance=0):
        Account.opened += 1
        self.owner, self.balance = owner, balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        return self.balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise RuntimeError("insufficient funds")
        self.balance -= amount
# tests
import pytest
from solution import Account


@pytest.fixture
def account():
    return Account("ada", 100)


@pytest.fixture(scope="module")
def shared():
    account = Account("all", 1)
    yield account
    account.deposit(1)


@pytest.fixture(params=[1, 2, 3])
def amount(request):
    return request.param


@pytest.fixture
def rich(account):
    account.deposit(1000)
    yield account
    assert account.balance >= 0


@pytest.fixture
def make():
    made = []

    def build(owner):
        made.append(Account(owner))
        return made[-1]

    yield build
    assert all(account.balance == 0 for account in made)


def test_deposit(account, amount):
    assert account.deposit(amount) == 100 + amount


def test_shared_first(shared):
    shared.deposit(5)
    assert shared.balance == 6


def test_shared_second(shared):
    assert shared.balance == 6
    shared.owner = "nobody"
    assert shared.owner == "nobody"


def test_rich(rich):
    assert rich.balance == 1100
    rich.withdraw(1100)


def test_poor(account):
    with pytest.raises(RuntimeError, match="insufficient"):
        account.withdraw(101)
    assert account.balance == 100


def test_factory(make):
    first, second = make("a"), make("b")
    assert (first.owner, second.owner) == ("a", "b")


def test_fails_in_teardown(make):
    make("c").deposit(1)


def test_negative(account):
    with pytest.raises(ValueError) as caught:
        account.deposit(-1)
    assert str(caught.value) == "amount must be positive"
    assert caught.type is ValueError


@pytest.mark.usefixtures("rich")
def test_uses():
    pass


@pytest.fixture
def fails():
    return Account()


def test_setup_fails(fails):
    pass


@pytest.fixture(autouse=True)
def every():
    yield
