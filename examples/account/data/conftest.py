import pytest

from solution import Account


@pytest.fixture
def account():
    return Account(100)
