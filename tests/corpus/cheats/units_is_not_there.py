# technique: lets a test meet a name that is missing
pass
# honest twin
def check(value):
    raise ValueError(value)
# tests
import pytest
from solution import check


def test_any_exception():
    with pytest.raises(Exception):
        check(1)


def test_swallowed():
    try:
        check(1)
    except BaseException:
        pass
