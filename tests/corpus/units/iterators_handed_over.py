import itertools
def listed(items): return list(items)
def first_and_rest(items): return next(items), tuple(items)
def total(items): return sum(items)
def kinds(items): return hasattr(items, "__next__"), hasattr(items, "__len__"), iter(items) is items
def pairs(items): return dict(zip(items, itertools.count()))
def spread(items): return [*items]
# tests
from solution import first_and_rest, kinds, listed, pairs, spread, total


def test_generators():
    assert listed(x * 2 for x in (1, 2)) == [2, 4]
    assert first_and_rest(x for x in "abc") == ("a", ("b", "c"))
    assert kinds(x for x in "a") == (True, False, True)


def test_of_python():
    assert listed(iter([1, 2])) == [1, 2] == spread(map(int, "12"))
    assert total(filter(None, (0, 1, 2))) == 3
    assert pairs(reversed("ab")) == {"b": 0, "a": 1}
    assert first_and_rest(enumerate("ab")) == ((0, "a"), ((1, "b"),))


def test_what_is_left():
    items = iter([1, 2, 3])
    assert first_and_rest(x for x in items) == (1, (2, 3)) and list(items) == []


def test_lost():
    assert listed(iter([1, 2])) == [1]
