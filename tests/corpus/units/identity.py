import dataclasses, enum, inspect
class Color(enum.Enum):
    RED = 1
    GREEN = 2
class Single:
    made = None
    def __new__(cls):
        cls.made = cls.made or super().__new__(cls)
        return cls.made
class Node:
    def __init__(self, value, next=None):
        self.value, self.next, self.children = value, next, []
class Dog(Node): pass
@dataclasses.dataclass(frozen=True)
class Point:
    x: int
    y: int = 0
DEFAULT = Node(0)
def default():
    return DEFAULT
def make():
    return Dog(1)
def depth(node):
    return 1 + max((depth(each) for each in node.children), default=0)
def kind_of(text):
    return int if text.isdigit() else str
async def later(x):
    return x
# tests
import dataclasses
import inspect

import pytest
import solution
from solution import DEFAULT, Color, Dog, Node, Point, Single, default, depth, kind_of, later, make


def test_single():
    assert Single() is Single()


def test_enum():
    assert Color(1) is Color.RED and Color["RED"] is Color.RED
    assert Color.RED is not Color.GREEN


def test_name_of_the_module():
    assert default() is DEFAULT and default() is solution.DEFAULT


def test_attribute():
    node = Node(1)
    assert Node(2, node).next is node
    assert Node(2, node).next is not Node(1)


def test_type():
    assert type(make()) is Dog and type(make()) is not Node
    assert type(make()).__name__ == "Dog" and make().__class__ is Dog


def test_vars():
    assert vars(Node(1)) == {"value": 1, "next": None, "children": []}


def test_callable():
    assert not callable(make()) and callable(make) and callable(Dog)


def test_hash():
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    with pytest.raises(TypeError):
        {[1]: 2}


def test_dataclass():
    assert dataclasses.is_dataclass(Point) and dataclasses.asdict(Point(1)) == {"x": 1, "y": 0}
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y"]
    assert dataclasses.replace(Point(1), x=5).x == 5


def test_inspect():
    assert list(inspect.signature(depth).parameters) == ["node"]
    assert inspect.iscoroutinefunction(later) and inspect.isclass(Dog)


def test_class_of_python():
    assert kind_of("1") is int and kind_of("a") is str


def test_children():
    root = Node(1)
    root.children.append(Node(2))
    assert depth(root) == 2


def test_match():
    match Point(1, 2):
        case Point(x=1, y=y):
            assert y == 2
        case _:
            pytest.fail("no match")


def test_wrong():
    assert Single() is not Single()


def test_wrong_type():
    assert type(make()) is Node
