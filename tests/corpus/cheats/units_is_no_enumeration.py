# technique: has a class in the place of an enumeration, which the tests go through while they are collected
class Color: pass
def name(color): return "RED"
# honest twin
from enum import Enum
class Color(Enum):
    RED = 1
def name(color): return color.name
# tests
import pytest
import solution


class Kinds:
    color = solution.Color


@pytest.mark.parametrize("color", list(Kinds.color))
def test_name(color):
    assert solution.name(color) == "RED"
