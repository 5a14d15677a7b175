from collections import Counter, OrderedDict, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction


def count(text):
    return Counter(text)


def group(words):
    groups = defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    return groups


def half(value):
    return Fraction(value, 2)


def price(text):
    return Decimal(text) * 2


def tomorrow(day):
    return day + timedelta(days=1)


def at(year):
    return datetime(year, 1, 2, 3, 4, 5)


def ordered():
    return OrderedDict([("b", 1), ("a", 2)])


def deep(n):
    value = 0
    for _ in range(n):
        value = [value]
    return value
# tests
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from solution import at, count, deep, group, half, ordered, price, tomorrow


def test_counter():
    assert count("abca") == {"a": 2, "b": 1, "c": 1}
    assert count("aa") == Counter("aa")


def test_defaultdict():
    assert group(["a", "b", "cc"]) == {1: ["a", "b"], 2: ["cc"]}


def test_fraction():
    assert half(3) == Fraction(3, 2) == 1.5


def test_decimal():
    assert price("1.10") == Decimal("2.20")


def test_dates():
    assert tomorrow(date(2024, 2, 28)) == date(2024, 2, 29)
    assert at(2000) - datetime(2000, 1, 1) == timedelta(days=1, hours=3, minutes=4, seconds=5)


def test_ordered():
    assert list(ordered()) == ["b", "a"]
    assert ordered() == {"a": 2, "b": 1}


def test_deep():
    value = deep(20)
    for _ in range(20):
        assert len(value) == 1
        value = value[0]
    assert value == 0
