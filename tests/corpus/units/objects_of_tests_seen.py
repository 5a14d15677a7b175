import functools
from abc import ABC
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Drawable(Protocol):
    def draw(self): ...


def is_drawable(value): return isinstance(value, Drawable)
def visited(node): return getattr(Visitor(), "visit_" + type(node).__name__)(node)
class Visitor:
    def visit_Leaf(self, node): return node.value
    def visit_Pair(self, node): return visited(node.left) + visited(node.right)
def serialized(value): return {name: each for name, each in vars(value).items()}
class Typed:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, held, owner=None): return self if held is None else held.__dict__[self.name]
    def __set__(self, held, value):
        if not isinstance(value, int):
            raise TypeError(self.name)
        held.__dict__[self.name] = value
class lazy:
    def __init__(self, function): self.function, self.name = function, function.__name__
    def __get__(self, held, owner=None):
        value = held.__dict__[self.name] = self.function(held)
        return value
def built(kind, *args): return kind.create(*args).value + kind.LIMIT
def applied(frame, function): return list(frame.apply(function, axis=1))
def mapped(series, function): return list(series.apply(function))
def wrapping(function):
    @functools.wraps(function)
    def call(*args): return function(*args)
    return call
@wrapping
def greet(name): return f"hello {name}"
@dataclass
class Point:
    x: int
    y: int
class Cart:
    def __init__(self): self.items = []
    def add(self, item, count=1): self.items += [item] * count
    def fill(self): return self.add("pear", count=2)
async def together(functions):
    import asyncio

    return await asyncio.gather(*(each() for each in functions))
def rest(): return ...
class Typed_list(list):
    def __init__(self, kind): self.kind = kind
    def append(self, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{type(value).__name__} is no {self.kind.__name__}")
        super().append(value)
def typed(kind): return Typed_list(kind)
# tests
import asyncio
import inspect
from dataclasses import dataclass
from unittest.mock import create_autospec, patch

import pandas
import pytest
import solution
from solution import (
    Cart, Point, Typed, applied, built, greet, is_drawable, lazy, mapped, rest, serialized, together, typed, visited, wrapping
)


class Square:
    def draw(self):
        return "square"


@dataclass
class Leaf:
    value: int


class Pair:
    def __init__(self, left, right):
        self.left, self.right = left, right


class Person:
    age = Typed()

    def __init__(self, age):
        self.age = age

    @lazy
    def label(self):
        return f"age {self.age}"


class Made:
    LIMIT = 5

    def __init__(self, value):
        self.value = value

    @classmethod
    def create(cls, value):
        return cls(value)


def test_protocol():
    assert is_drawable(Square())
    assert not is_drawable(Leaf(1))


def test_names_of_classes():
    assert visited(Pair(Leaf(1), Pair(Leaf(2), Leaf(3)))) == 6


def test_attributes():
    assert serialized(Leaf(3)) == {"value": 3}


def test_descriptors():
    person = Person(3)
    assert person.age == 3 and person.label == "age 3"
    assert person.__dict__ == {"age": 3, "label": "age 3"}
    with pytest.raises(TypeError, match="age"):
        person.age = "old"


def test_class_methods():
    assert built(Made, 2) == 7


def test_tables():
    frame = pandas.DataFrame({"a": [1, 2]})
    assert applied(frame, lambda row: int(row["a"]) + 1) == [2, 3]
    assert mapped(frame["a"], lambda value: value * 2) == [2, 4]


def test_wrapped():
    def twice(x):
        return 2 * x

    assert greet.__wrapped__("a") == "hello a"
    assert inspect.unwrap(greet) is not greet
    assert wrapping(twice).__wrapped__ is twice


def test_match():
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_autospec():
    cart = Cart()
    with patch.object(Cart, "add", autospec=True, return_value=9) as add:
        assert cart.fill() == 9
    add.assert_called_once_with(cart, "pear", count=2)
    checked = create_autospec(greet)
    with pytest.raises(TypeError):
        checked()


def test_coroutines():
    async def one():
        return 1

    assert asyncio.run(together([one, one])) == [1, 1]


def test_singletons():
    assert rest() is ...


def test_values_of_other_classes_than_those_of_the_tests():
    squares = typed(Square)
    squares.append(Square())
    for other in ("square", 1, None, Leaf(1)):
        with pytest.raises(TypeError, match="is no Square"):
            squares.append(other)
