class Item:
    def __init__(self, name): self.name = name
class Bag:
    def __init__(self): self.items, self.tags, self.counts, self.odd = [], set(), {}, [float("nan")]
    def names(self): return [item.name for item in self.items]
    def sizes(self): return len(self.items), len(self.tags), len(self.counts)
class Tags(set): pass
# tests
import collections
import types

import pytest

from solution import Bag, Item, Tags


def test_lists():
    bag = Bag()
    bag.items.extend(x * 2 for x in (1, 2))
    bag.items.extend(map(str, (3, 4)))
    bag.items += zip("ab", (1, 2))
    assert bag.items == [2, 4, "3", "4", ("a", 1), ("b", 2)] and bag.sizes()[0] == 6
    bag.items[1:] = (x for x in "xy")
    bag.items[:0] = range(2)
    bag.items *= 2
    assert bag.items == [0, 1, 2, "x", "y"] * 2
    bag.items.extend({"k": 1})
    bag.items.extend("lm")
    assert bag.items[-3:] == ["k", "l", "m"]


def test_dicts():
    bag = Bag()
    bag.counts.update(types.MappingProxyType({"a": 1}))
    bag.counts.update(zip("bc", (2, 3)), d=4)
    bag.counts |= collections.Counter("e")
    bag.counts |= [("f", 6)]
    assert bag.counts == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 1, "f": 6}


def test_sets():
    bag = Bag()
    bag.tags.update(iter("ab"), {"c": 1})
    bag.tags.difference_update(x for x in "a")
    bag.tags |= frozenset("d")
    bag.tags |= Tags("e")
    assert bag.tags == {"b", "c", "d", "e"} and bag.sizes()[1] == 4
    bag.tags.intersection_update(range(3), "b")
    assert bag.tags == set()


def test_operators_of_sets_alone():
    tags = Bag().tags
    with pytest.raises(TypeError):
        tags |= [1]
    tags |= {1: 2}.keys()
    assert tags == {1}


def test_what_cannot_be_iterated():
    bag = Bag()
    with pytest.raises(TypeError):
        bag.items.extend(5)
    with pytest.raises(TypeError):
        bag.counts.update(5)
    with pytest.raises(TypeError):
        bag.tags.add([])


def test_objects():
    bag, first, second = Bag(), Item("a"), Item("b")
    bag.items.append(first)
    bag.items.extend(Item(name) for name in "cd")
    bag.items.insert(1, second)
    bag.items.remove(second)
    assert bag.names() == ["a", "c", "d"]
    with pytest.raises(ValueError):
        bag.items.remove(second)
    bag.items.sort(key=lambda item: item.name, reverse=True)
    assert bag.items.pop(2) is first and bag.names() == ["d", "c"]
    bag.tags.add(first)
    bag.tags.discard(second)
    with pytest.raises(KeyError):
        bag.tags.remove(second)
    bag.tags.remove(first)
    assert bag.sizes() == (2, 0, 0)


def test_no_number():
    bag = Bag()
    bag.odd.append(float("nan"))
    bag.odd.append({8, 0, 16, 24, 1})
    bag.odd.append(len)
    assert len(bag.odd) == 4 and bag.odd.pop(2) == {0, 1, 8, 16, 24}


def test_of_the_tests():
    class Mine:
        pass

    bag, mine = Bag(), Mine()
    bag.items.append(mine)
    bag.items.append(mine.__class__)
    assert bag.items[0] is mine
    bag.items.remove(mine)
    assert bag.sizes()[0] == 1


def test_lost():
    bag = Bag()
    bag.items.extend(x for x in "ab")
    assert bag.items == ["a"]
