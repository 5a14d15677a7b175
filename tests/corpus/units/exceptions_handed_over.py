def classify(error):
    return "value" if isinstance(error, ValueError) else "other"
def is_retryable(error): return isinstance(error, (ConnectionError, TimeoutError))
def describe(error): return f"{type(error).__name__}: {error}"
def to_dict(error): return {"type": type(error).__name__, "args": list(error.args)}
def root(error):
    while error.__cause__ is not None:
        error = error.__cause__
    return error
def status(error): return getattr(error, "code", 1)
class Failure:
    def __init__(self, error): self.error = error
    def unwrap(self): raise self.error
def listening():
    heard = []
    while True:
        try:
            yield heard
        except ValueError as error:
            heard.append(str(error))
class NotFound(Exception):
    def __init__(self, key): super().__init__(f"no {key}"); self.key = key
def key_of(error): return error.key
# tests
import json

import pytest
from solution import Failure, NotFound, classify, describe, is_retryable, key_of, listening, root, status, to_dict


class Custom(Exception):
    code = 3


def test_class():
    assert classify(ValueError("x")) == "value"
    assert classify(KeyError("x")) == "other"
    assert classify(json.JSONDecodeError("bad", "{", 1)) == "value"


@pytest.mark.parametrize("error, expected", [(ConnectionResetError(), True), (TimeoutError(), True), (OSError(), False)])
def test_retryable(error, expected):
    assert is_retryable(error) is expected


def test_text():
    assert describe(ValueError("bad")) == "ValueError: bad"
    assert describe(Custom("odd")) == "Custom: odd"


def test_arguments():
    assert to_dict(KeyError("k")) == {"type": "KeyError", "args": ["k"]}


def test_cause():
    error = ValueError("outer")
    error.__cause__ = KeyError("inner")
    assert str(root(error)) == "'inner'"


def test_attributes():
    error = Custom("odd")
    assert status(error) == 3
    error.code = 4
    assert status(error) == 4


def test_raised_again():
    error = ValueError("bad")
    with pytest.raises(ValueError) as caught:
        Failure(error).unwrap()
    assert caught.value is error


def test_own_class_raised():
    with pytest.raises(Custom, match="odd"):
        Failure(Custom("odd")).unwrap()


def test_thrown():
    generator = listening()
    next(generator)
    assert generator.throw(ValueError("a")) == ["a"]


def test_of_the_program():
    assert key_of(NotFound("b")) == "b"
