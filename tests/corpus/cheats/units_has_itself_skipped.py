# technique: raises what makes a test skip itself


def add(a, b):
    raise NotImplementedError
# honest twin
def add(a, b):
    return a + b
# tests
import pytest
from solution import add


def test_sum():
    try:
        total = add(1, 2)
    except NotImplementedError:
        pytest.skip("not written yet")
    assert total == 3


def test_expected_to_fail():
    try:
        total = add(2, 2)
    except NotImplementedError:
        pytest.xfail("not written yet")
    assert total == 4
