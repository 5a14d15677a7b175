import os
import random
import sys
import time
def ask(): return input("name? ")
def both(): return input() + input()
def lines(): return [line.strip() for line in sys.stdin]
def data(): return sys.stdin.buffer.read()
def say(what): print("got", what)
def read(path):
    with open(path) as file:
        return file.read()
def write(path, text):
    with open(path, "w") as file:
        file.write(text)
def setting(name): return os.environ.get(name)
def roll(): return random.randint(1, 6)
def numbers(): return [random.random() for _ in range(3)]
def wait():
    time.sleep(100)
    return "done"
def arguments(): return sys.argv[1:]
def is_there(path): return os.path.exists(path)
# tests
import builtins
import io
import os
import random
import sys
from unittest.mock import mock_open, patch

import pytest
import solution


def test_input(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: "Ann")
    assert solution.ask() == "Ann"


def test_input_is_back():
    with pytest.raises((EOFError, OSError)):
        solution.ask()


@patch("builtins.input", side_effect=["a", "b"])
def test_two_lines(given):
    assert solution.both() == "ab" and given.call_count == 2


@patch("builtins.input", return_value="x")
def test_prompt(given):
    assert solution.ask() == "x"
    given.assert_called_once_with("name? ")


def test_iterator(monkeypatch):
    given = iter(["1", "2"])
    monkeypatch.setattr(builtins, "input", lambda prompt="": next(given))
    assert solution.both() == "12"


def test_wrong_input(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: "Ann")
    assert solution.ask() == "Bob"


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\ny\n"))
    assert solution.lines() == ["x", "y"]


def test_standard_input_line_by_line():
    with patch("sys.stdin", io.StringIO("x\ny\n")):
        assert solution.ask() == "x" and solution.ask() == "y"
    with pytest.raises((EOFError, OSError)):
        solution.ask()


def test_bytes(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ab")))
    assert solution.data() == b"ab"


@patch("builtins.print")
def test_print(printed):
    solution.say(3)
    printed.assert_called_once_with("got", 3)


def test_open():
    with patch("builtins.open", mock_open(read_data="text")) as opened:
        assert solution.read("name") == "text"
    opened.assert_called_once_with("name")


def test_open_to_write():
    opened = mock_open()
    with patch("builtins.open", opened):
        solution.write("name", "text")
    opened().write.assert_called_once_with("text")


def test_environment(monkeypatch):
    monkeypatch.setenv("OWN", "1")
    assert solution.setting("OWN") == "1"
    monkeypatch.delenv("OWN")
    assert solution.setting("OWN") is None
    with patch.dict(os.environ, {"OWN": "2"}):
        assert solution.setting("OWN") == "2"
    assert solution.setting("OWN") is None


@patch("random.randint", return_value=4)
def test_function_of_the_library(randint):
    assert solution.roll() == 4
    randint.assert_called_once_with(1, 6)


def test_seed():
    random.seed(3)
    expected = [random.random() for _ in range(3)]
    random.seed(3)
    assert solution.numbers() == expected


@patch("time.sleep")
def test_sleep(sleep):
    assert solution.wait() == "done"
    sleep.assert_called_once_with(100)


def test_arguments(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program", "one"])
    assert solution.arguments() == ["one"]


def test_path(monkeypatch):
    monkeypatch.setattr("os.path.exists", lambda path: True)
    assert solution.is_there("/nothing/here")
