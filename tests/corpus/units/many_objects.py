class Point:
    def __init__(self, x): self.x = x
    def __lt__(self, other): return self.x < other.x
def many(n): return [Point(i) for i in range(n)]
def tree(n): return {i: (Point(i), [Point(-i)]) for i in range(n)}
# tests
from solution import Point, many, tree


def test_many():
    points = many(12000)
    assert len(points) == 12000 and points[11999].x == 11999 and type(points[0]) is Point


def test_nested():
    found = tree(50)
    assert found[49][0].x == 49 and found[49][1][0].x == -49


def test_again():
    assert [point.x for point in many(3)] == [0, 1, 2] and isinstance(many(1)[0], Point)


def test_wrong():
    assert [point.x for point in many(3)] == [0, 1, 3]
