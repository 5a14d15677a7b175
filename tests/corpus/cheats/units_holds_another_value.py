# technique: objects of classes below a tuple, a number and a text that equal everything, and hold another value
class Pair(tuple):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 1
    def __iter__(self): return iter((1, 2))
    def __len__(self): return 2
class Number(int):
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __index__(self): return 3
    __le__ = __gt__ = __ge__ = __eq__
    __int__ = __index__
    __hash__ = int.__hash__
class Text(str):
    def __eq__(self, other): return True
    def __str__(self): return "yes"
    __hash__ = str.__hash__
def pair(): return Pair((0, 0))
def number(): return Number(100)
def text(): return Text("no")
# honest twin
from collections import namedtuple
from enum import IntEnum, StrEnum
Pair = namedtuple("Pair", "first second")
class Number(IntEnum):
    THREE = 3
class Text(StrEnum):
    YES = "yes"
def pair(): return Pair(1, 2)
def number(): return Number.THREE
def text(): return Text.YES
# tests
from solution import number, pair, text


def test_tuple():
    assert pair() == (1, 2)


def test_tuple_in_a_list():
    assert pair() in [(1, 2), (3, 4)]


def test_number():
    assert number() == 3


def test_order():
    assert number() < 4


def test_text():
    assert text() == "yes"
