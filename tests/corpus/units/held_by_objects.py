from collections import namedtuple
from enum import Enum, IntEnum, StrEnum
Point = namedtuple("Point", "x y")
class Color(Enum):
    RED = 1
    GREEN = 2
class Level(IntEnum):
    LOW = 1
    HIGH = 2
class Size(StrEnum):
    SMALL = "s"
class Numbers(list): pass
class Money(float): pass
class Card: pass
class Deck:
    def __init__(self):
        self.cards = [Card(), Card()]
    def draw(self):
        return self.cards.pop()
class Light:
    def __init__(self):
        self.state = Color.RED
    def change(self):
        self.state = Color.GREEN
def middle(): return Point(1, 2)
def level(): return Level.HIGH
def numbers(): return Numbers([1, 2])
def price(): return Money(2.5)
def names(): return {"a": 1, "b": 2}.keys()
def pairs(): return {"a": 1}.items()
# tests
import unittest

from solution import Color, Deck, Light, Size, level, middle, names, numbers, pairs, price


def test_named_tuple():
    assert middle() == (1, 2) and (1, 2) == middle() and middle() != (1, 3)


def test_another_named_tuple():
    assert middle() == (2, 1)


def test_members_that_are_numbers():
    assert level() == 2 and level() < 3 and 1 < level() and level() in (1, 2)


def test_another_number():
    assert level() == 1


def test_members_that_are_texts():
    assert Size.SMALL == "s" and Size.SMALL in ["s", "m"] and Size.SMALL != "m"


def test_list():
    assert numbers() == [1, 2] and [1, 2] == numbers() and numbers() != [2, 1]


def test_another_list():
    assert numbers() == [2, 1]


def test_float():
    assert price() == 2.5 and price() > 2


def test_views():
    assert names() == {"a", "b"} and pairs() == {("a", 1)} and {"a", "b"} == names()


def test_another_view():
    assert names() == {"a"}


class TestLight(unittest.TestCase):
    def test_first(self):
        self.assertEqual(Light().state, Color.RED)
        self.assertNotEqual(Light().state, Color.GREEN)

    def test_changed(self):
        light = Light()
        light.change()
        self.assertEqual(light.state, Color.GREEN)

    def test_wrong(self):
        self.assertEqual(Light().state, Color.GREEN)


def test_what_is_another_object():
    deck = Deck()
    card = deck.draw()
    assert card not in deck.cards and [card, deck.cards[0]].index(deck.cards[0]) == 1
