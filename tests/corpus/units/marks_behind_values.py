class TooSmall(Exception): pass
Wrong = ValueError
LEVEL = 3
def check(number):
    if number < LEVEL:
        raise TooSmall(number)
    return number
# tests
import pytest
from solution import LEVEL, TooSmall, Wrong, check


@pytest.mark.skip
def test_skipped():
    assert check(1) == 1


@pytest.mark.skip(reason="later")
class TestLater:
    def test_it(self):
        assert check(1) == 1


@pytest.mark.skipif(LEVEL > 2, reason="too high")
def test_condition():
    assert check(1) == 1


def test_raised():
    with pytest.raises(TooSmall):
        check(2)
    assert Wrong is ValueError


def test_lost():
    assert check(3) == LEVEL + 1
