import abc, collections.abc, dataclasses, enum
class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
class Square(Shape):
    def __init__(self, side): self.side = side
    def area(self): return self.side ** 2
class Stack(list):
    def peek(self): return self[-1]
class Color(enum.Enum):
    RED = 1
    BLUE = 2
class Always(collections.abc.Mapping):
    def __getitem__(self, key): return 1
    def __iter__(self): return iter("a")
    def __len__(self): return 1
class Slots:
    __slots__ = ("items",)
    def __eq__(self, other): return NotImplemented
class Plain: pass
class Pages:
    def __getitem__(self, at): return ["a", "b"][at]
class Seven:
    def __contains__(self, item): return item == 7
    def __call__(self): return 7
class Path:
    def __enter__(self): return self
    def __exit__(self, *_): return False
@dataclasses.dataclass
class Point:
    x: int = 0
def steps(n):
    for i in range(n): yield i
# tests
import abc
import collections.abc
import enum
import types
import typing
import unittest

import pytest

from solution import Always, Color, Pages, Path, Plain, Point, Seven, Shape, Slots, Square, Stack, steps


def test_abstract():
    assert issubclass(Shape, abc.ABC) and isinstance(Shape, abc.ABCMeta) and isinstance(Shape, type)
    assert Shape.__abstractmethods__ == {"area"}
    with pytest.raises(TypeError):
        Shape()


def test_bases():
    assert Square.__bases__ == (Shape,) and Square.__base__ is Shape
    assert Shape in Square.__mro__ and object in Square.mro() and Square.__mro__[0] is Square
    assert list in Stack.__mro__ and Square in Shape.__subclasses__()
    assert list not in Plain.__mro__ and Plain.__bases__ == (object,)


def test_below_classes_of_python():
    stack = Stack([1, 2])
    assert isinstance(stack, list) and issubclass(Stack, list) and not isinstance(stack, dict)
    assert isinstance(stack, (dict, list)) and isinstance(stack, collections.abc.Sequence)
    assert isinstance(stack, int | list) and isinstance(stack, typing.List)
    assert isinstance(Color.RED, enum.Enum) and issubclass(Color, enum.Enum) and not issubclass(Color, enum.Flag)
    assert isinstance(Always(), collections.abc.Mapping)
    assert not isinstance(Plain(), collections.abc.Mapping) and not issubclass(Plain, list)


def test_what_can_be_done():
    assert isinstance(steps(2), types.GeneratorType) and isinstance(steps(2), collections.abc.Iterator)
    assert isinstance(steps, types.FunctionType)
    assert not isinstance(Plain(), collections.abc.Iterable) and not isinstance(Plain(), collections.abc.Sized)
    assert isinstance(Plain(), collections.abc.Hashable) and not isinstance(Slots(), collections.abc.Hashable)
    assert isinstance(Seven(), collections.abc.Container) and callable(Seven()) and not callable(Plain())
    assert callable(Plain)


def test_has():
    for name in ("__len__", "__iter__", "__contains__", "__add__", "__enter__", "__call__"):
        assert not hasattr(Plain(), name)
    assert hasattr(Stack(), "__len__") and hasattr(Stack, "__iter__") and not hasattr(Plain, "__len__")
    assert hasattr(Seven, "__contains__") and hasattr(Path(), "__enter__") and not hasattr(Path, "__next__")


def test_defined():
    assert Plain.__eq__ is object.__eq__ and Plain.__repr__ is object.__repr__
    assert Point.__eq__ is not object.__eq__ and Slots.__eq__ is not object.__eq__
    assert Slots.__slots__ == ("items",) and not hasattr(Plain, "__slots__")


def test_what_it_cannot():
    for fails in (lambda: len(Plain()), lambda: iter(Plain()), lambda: Plain()(), lambda: Plain() + 1, lambda: hash(Slots())):
        with pytest.raises(TypeError):
            fails()


def test_what_it_can():
    assert list(Pages()) == ["a", "b"] and 7 in Seven() and 8 not in Seven() and Seven()() == 7
    assert len(Color) == 2 and Color["RED"] is Color.RED and list(Color) == [Color.RED, Color.BLUE]


def test_wrong_class():
    assert isinstance(Plain(), list)


def test_not_that_class():
    assert not isinstance(Stack(), list)


def test_no_such_method():
    assert hasattr(Plain(), "__len__")


class Cases(unittest.TestCase):
    def test_instances(self):
        self.assertIsInstance(Stack(), list)
        self.assertNotIsInstance(Plain(), list)
        with self.assertRaises(AssertionError):
            self.assertIsInstance(Plain(), list)
