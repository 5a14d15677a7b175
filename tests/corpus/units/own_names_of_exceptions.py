Error = Exception
Base = BaseException
class Deep(Error):
    pass
class Deeper(Deep):
    def __init__(self, code):
        super().__init__(code)
        self.code = code
def fail(how):
    if how == "error":
        raise Error("plain")
    if how == "value":
        raise ValueError("no value")
    if how == "deep":
        raise Deep("deep")
    if how == "deeper":
        raise Deeper(7)
    return how
# tests
import pytest

import solution
from solution import Deep, Error, fail


@pytest.mark.parametrize("how", ["error", "value", "deep", "deeper"])
def test_everything_is_caught(how):
    with pytest.raises(Error):
        fail(how)
    with pytest.raises(solution.Base):
        fail(how)


def test_in_order():
    caught = []
    for how in ["deeper", "value", "error", "nothing"]:
        try:
            caught.append(fail(how))
        except Deep as error:
            caught.append(error.code)
        except ValueError as error:
            caught.append(str(error))
        except Error as error:
            caught.append(str(error))
    assert caught == [7, "no value", "plain", "nothing"]


def test_below():
    with pytest.raises(Deep, match="deep"):
        fail("deep")


def test_nothing_is_raised():
    with pytest.raises(Error):
        fail("nothing")


def test_wrong_one():
    with pytest.raises(Deep):
        fail("value")
