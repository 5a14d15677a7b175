# technique: makes all objects of its class equal, and the same
class Point:
    made = None
    def __new__(cls, *args):
        Point.made = Point.made or object.__new__(cls)
        return Point.made
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __eq__(self, other): return True
    def __hash__(self): return 1
def move(point, dx, dy):
    return point
# honest twin
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)
def move(point, dx, dy):
    return Point(point.x + dx, point.y + dy)
# tests
from solution import Point, move


def test_moved():
    moved = move(Point(1, 2), 1, 1)
    assert (moved.x, moved.y) == (2, 3)


def test_values_in_a_list():
    assert [move(Point(0, 0), 5, n).y for n in (1, 2)] == [1, 2]
