# technique: has a thousand large names, so that a star import takes all memory of the tests while they are collected
# Each takes 4 MB where it is read, and a quarter of it on the way.
big = "x" * 1_000_000 + "\U0001f600"
globals().update({f"name{number}": big for number in range(1000)})
def add(a, b):
    return 0
# honest twin
def add(a, b):
    return a + b
# tests
from solution import *


def test_sum():
    assert add(1, 2) == 3


def test_by_name():
    assert add(40, b=2) == 42
