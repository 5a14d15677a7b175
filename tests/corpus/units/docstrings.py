from abc import ABC
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Generic, NamedTuple, Protocol, TypeVar
class Plain:
    "says Plain"
class Abstract(ABC):
    "says Abstract"
class Typed(Generic[TypeVar("T")]):
    "says Typed"
class Color(Enum):
    "says Color"
    RED = 1
class Level(IntEnum):
    "says Level"
    LOW = 1
class Pair(NamedTuple):
    "says Pair"
    x: int = 1
class Shape(Protocol):
    "says Shape"
class Items(list):
    "says Items"
@dataclass
class Point:
    "says Point"
    x: int = 0
class Indexed:
    "says Indexed"
    def __class_getitem__(cls, item): return item
class Failed(Exception):
    "says Failed"
class NotThere(KeyError):
    "says NotThere"
class Bare(Generic[TypeVar("U")]): pass
class BareFailed(Exception): pass
# tests
import inspect

import pytest
import solution

NAMES = "Plain Abstract Typed Color Level Pair Shape Items Point Indexed Failed NotThere".split()


@pytest.mark.parametrize("name", NAMES)
def test_class(name):
    kind = getattr(solution, name)
    assert kind.__doc__ == inspect.getdoc(kind) == f"says {name}"
    assert kind.__name__ == kind.__qualname__ == name
    assert kind.__module__ == "solution"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("Failed", "NotThere")])
def test_namespace(name):
    assert getattr(solution, name).__dict__["__doc__"] == f"says {name}"


@pytest.mark.parametrize("kind", [solution.Bare, solution.BareFailed])
def test_without(kind):
    assert kind.__doc__ is None


def test_objects():
    assert solution.Plain().__doc__ == "says Plain"
    assert solution.Color.RED.__doc__ == "says Color"
    with pytest.raises(solution.NotThere) as caught:
        raise solution.NotThere("x")
    assert caught.value.__doc__ == type(caught.value).__doc__ == "says NotThere"


def test_below():
    class Own(solution.Failed):
        "of the tests"

    class Without(solution.Failed):
        pass

    assert (Own.__doc__, Without.__doc__) == ("of the tests", None)
