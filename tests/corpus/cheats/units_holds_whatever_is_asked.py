# technique: an object that holds every object of the program that a test asks for
class Point:
    def __init__(self, x):
        self.x = x
class Path:
    def __contains__(self, point): return True
    def __iter__(self): return iter([Point(9)])
start = Point(0)
def path():
    return Path()
# honest twin
class Point:
    def __init__(self, x):
        self.x = x
start = Point(0)
def path():
    return [start, Point(1)]
# tests
import solution
from solution import Point, path


def test_in():
    assert solution.start in path()


def test_not_in_what_has_nothing_else():
    assert solution.start in list(path())
