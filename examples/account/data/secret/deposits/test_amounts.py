import pytest


@pytest.mark.parametrize("amount", [1, 50, 10**30])
def test_is_added(account, amount):
    account.deposit(amount)
    assert account.balance == 100 + amount


@pytest.mark.parametrize("amount", [0, -1])
def test_is_refused(account, amount):
    with pytest.raises(ValueError):
        account.deposit(amount)
    assert account.balance == 100
