import random
import time

RATE = 2


def roll():
    return random.randint(1, 6)


def clock():
    return time.time()


def fetch(url):
    raise OSError("no network")


def title(url):
    return fetch(url).title()


def price(value):
    return value * RATE


class Config:
    path = "/etc/app"

    def read(self):
        return f"read {self.path}"
# tests
from unittest import mock

import pytest
import solution


def test_function(monkeypatch):
    monkeypatch.setattr(solution, "fetch", lambda url: f"page of {url}")
    assert solution.title("x") == "Page Of X"


def test_is_undone():
    with pytest.raises(OSError):
        solution.title("x")


def test_patch():
    with mock.patch("solution.fetch", return_value="abc") as fetch:
        assert solution.title("y") == "Abc"
    fetch.assert_called_once_with("y")
    with pytest.raises(OSError):
        solution.title("x")


@mock.patch.object(solution, "fetch", side_effect=["a", "b"])
def test_patch_object(fetch):
    assert solution.title(1) == "A"
    assert solution.title(2) == "B"
    assert fetch.call_count == 2


def test_value(monkeypatch):
    assert solution.price(3) == 6
    monkeypatch.setattr(solution, "RATE", 10)
    assert solution.price(3) == 30


def test_value_is_back():
    assert solution.price(3) == 6 and solution.RATE == 2


def test_of_class(monkeypatch):
    monkeypatch.setattr(solution.Config, "path", "/tmp")
    assert solution.Config().read() == "read /tmp"


def test_in_a_module_of_the_program(monkeypatch):
    monkeypatch.setattr(solution.random, "randint", lambda low, high: high)
    assert solution.roll() == 6


def test_time(monkeypatch):
    monkeypatch.setattr("solution.time.time", lambda: 5)
    assert solution.clock() == 5


def test_environment(monkeypatch):
    import os

    monkeypatch.setenv("OWN", "1")
    assert os.environ["OWN"] == "1"


def test_fails(monkeypatch):
    monkeypatch.setattr(solution, "missing", 1)
