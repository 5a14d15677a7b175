import enum
from dataclasses import dataclass, field
from typing import NamedTuple


class Color(enum.Enum):
    RED = 1
    GREEN = 2


@dataclass
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list)

    @property
    def label(self):
        return f"{self.name} ({self.price})"

    @classmethod
    def free(cls, name):
        return cls(name, 0)

    @staticmethod
    def currency():
        return "EUR"


class Pair(NamedTuple):
    left: int
    right: int


class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next


def linked(values):
    head = None
    for value in reversed(values):
        head = Node(value, head)
    return head


def reverse(head):
    before = None
    while head:
        head.next, before, head = before, head, head.next
    return before


class Animal:
    sound = "..."

    def speak(self):
        return f"{type(self).__name__} says {self.sound}"


class Dog(Animal):
    sound = "woof"


def favourite():
    return Color.GREEN


def items():
    return [Item("a", 2), Item("b", 3)]
# tests
import pytest
from solution import Animal, Color, Dog, Item, Node, Pair, favourite, items, linked, reverse


def values(node):
    found = []
    while node is not None:
        found.append(node.value)
        node = node.next
    return found


def test_dataclass():
    item = Item("tea", tags=["hot"])
    assert (item.name, item.price, item.tags) == ("tea", 1.0, ["hot"])
    assert item.label == "tea (1.0)"
    assert repr(item) == "Item(name='tea', price=1.0, tags=['hot'])"
    item.price = 5
    assert item.price == 5


def test_class_methods():
    assert Item.free("x").price == 0
    assert Item.currency() == "EUR" and Item("y").currency() == "EUR"


def test_enum():
    assert favourite().name == "GREEN" and favourite().value == 2
    assert Color.RED.value == 1 and Color["RED"].name == "RED" and Color(2).name == "GREEN"
    assert [color.name for color in Color] == ["RED", "GREEN"]
    assert len(Color) == 2


def test_named_tuple():
    pair = Pair(1, 2)
    assert pair.left == 1 and pair[1] == 2 and len(pair) == 2
    left, right = pair
    assert tuple(pair) == (1, 2) == (left, right)


def test_linked_list():
    assert values(linked([1, 2, 3])) == [1, 2, 3]
    assert values(reverse(linked([1, 2, 3]))) == [3, 2, 1]
    assert linked([]) is None
    assert values(Node(1, Node(2))) == [1, 2]


def test_inheritance():
    assert Dog().speak() == "Dog says woof"
    assert isinstance(Dog(), Animal) and issubclass(Dog, Animal)
    assert not issubclass(Animal, Dog)


def test_list_of_objects():
    assert [item.name for item in items()] == ["a", "b"]
    assert sum(item.price for item in items()) == 5
    assert sorted(items(), key=lambda item: -item.price)[0].name == "b"


def test_attribute_errors():
    with pytest.raises(AttributeError):
        Item("x").nothing
    assert getattr(Item("x"), "nothing", 5) == 5
    assert hasattr(Item("x"), "label")


def test_objects_as_arguments():
    node = Node(1)
    node.next = Node(2)
    assert values(reverse(node)) == [2, 1]


def test_wrong():
    assert Item("a").label == "a"
