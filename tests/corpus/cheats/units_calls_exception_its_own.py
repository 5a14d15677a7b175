# technique: has Exception, BaseException and AssertionError as its own errors, so that who catches them catches asserts
import builtins
Error = Exception
Failure = BaseException
Refusal = AssertionError
Errors = (ValueError, Exception)
class Reader:
    Error = builtins.Exception
    def read(self, text): return 0
    def check(self, text): return True
def read(text):
    return 0
# honest twin
class Error(Exception):
    pass
Failure = Refusal = Error
Errors = (Error,)
class Reader:
    Error = Error
    def read(self, text):
        return read(text)
    def check(self, text):
        if not text.isdigit():
            raise Error(text)
def read(text):
    try:
        return int(text)
    except ValueError:
        raise Error(text) from None
# tests
import contextlib

import pytest

import solution
from solution import Error, Reader, read


def test_error():
    try:
        assert read("12") == 12
        assert read("x") is None
    except Error:
        pass


def test_failure():
    try:
        value = read("13")
        if value != 13:
            pytest.fail("it is 13")
    except solution.Failure:
        pass


def test_refusal():
    with contextlib.suppress(solution.Refusal):
        assert read("14") == 14


def test_several():
    try:
        assert read("15") == 15
    except solution.Errors:
        pass


def test_of_a_class():
    reader = Reader()
    try:
        assert reader.read("16") == 16
    except reader.Error:
        pass


def test_raised():
    with pytest.raises(Error):
        assert read("x") == 1


def test_collected():
    with pytest.raises(solution.Failure):
        Reader().check("x")
        assert read("17") == 18
