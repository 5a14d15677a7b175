from datetime import date, timedelta
def weekday(d):
    return d.strftime('%A')
def add(d, n):
    return d + timedelta(n)
# tests
import pytest
from solution import weekday, add


def test_0():
    assert add(__import__('datetime').date(2024, 2, 28), 2).isoformat() == '2024-03-01'


def test_1():
    assert weekday(__import__('datetime').date(2024, 1, 1)) == 'Monday'


def test_that_fails():
    assert weekday(__import__('datetime').date(2024, 1, 2)) == 'Monday'


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        weekday(*range(9), n)
