import math
import random
def bisect(numbers): return numbers[: len(numbers) // 2]
def queue(): return ["first"]
def select(numbers): return [each for each in numbers if each]
def copy(numbers): return numbers[:]
def calendar(year): return f"{year}-01-01"
def grp(): return 5
def roll(): return random.randint(1, 6)
def area(radius): return math.pi * radius ** 2
class Empty(Exception): pass
# tests
import inspect

import pytest
import solution
from solution import *


def test_functions_called_like_modules():
    assert bisect([1, 2, 3, 4]) == [1, 2] and select([0, 1]) == [1] and copy([1]) == [1]
    assert queue() == ["first"] and calendar(2026) == "2026-01-01" and grp() == 5


def test_wrong():
    assert bisect([1]) == [1]


def test_modules_by_the_star():
    assert area(2) == pytest.approx(math.pi * 4)


def test_module_of_the_program(monkeypatch):
    monkeypatch.setattr(random, "randint", lambda low, high: high)
    assert roll() == 6


def test_names():
    assert "area" in dir(solution) and "nothing" not in dir(solution)
    assert not hasattr(solution, "__all__")


def test_members():
    functions = [name for name, _ in inspect.getmembers(solution, inspect.isfunction)]
    assert functions == ["area", "bisect", "calendar", "copy", "grp", "queue", "roll", "select"]
    assert [name for name, _ in inspect.getmembers(solution, inspect.isclass)] == ["Empty"]
