class Bag:
    def __init__(self): self.items, self.tags, self.counts = [], set(), {}
    def add(self, item): self.items.append(item); self.tags.add(item); self.counts[item] = 1
    def renew(self): self.items = ["new"]
HISTORY = []
def note(text): HISTORY.append(text)
def length(): return len(HISTORY)
# tests
import pytest

import solution
from solution import Bag, length, note


def test_what_was_added_meanwhile_stays():
    bag = Bag()
    items, tags, counts = bag.items, bag.tags, bag.counts
    bag.add(1)
    bag.add(2)
    items.append(3)
    tags.discard(1)
    counts["x"] = 5
    assert bag.items == [1, 2, 3] == items
    assert bag.tags == {2} and bag.counts == {1: 1, 2: 1, "x": 5} == counts


def test_what_comes_of_it():
    bag = Bag()
    for item in (3, 1, 2):
        bag.add(item)
    items = bag.items
    items.sort(key=lambda item: -item)
    assert items.pop() == 1 and bag.items == [3, 2]
    items += [7, 8]
    del items[0]
    items[0] = 9
    items.reverse()
    assert bag.items == [8, 7, 9] == items
    assert bag.counts.pop(3) == 1 and bag.counts.setdefault("n", 4) == 4 and bag.counts == {1: 1, 2: 1, "n": 4}
    with pytest.raises(ValueError):
        bag.items.remove(100)
    with pytest.raises(KeyError):
        bag.counts.pop("nothing")


def test_another_one_in_its_place():
    bag = Bag()
    items = bag.items
    bag.renew()
    items.append(1)
    assert bag.items == ["new"] and items == [1]


def test_of_the_module():
    note("a")
    history = solution.HISTORY
    note("b")
    history.append("c")
    assert length() == 3 and solution.HISTORY == ["a", "b", "c"]


def test_lost():
    bag = Bag()
    items = bag.items
    bag.add(1)
    items.append(2)
    assert bag.items == [2]
