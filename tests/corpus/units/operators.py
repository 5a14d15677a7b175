import functools


@functools.total_ordering
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __call__(self, factor):
        return self * factor

    def __int__(self):
        return int(abs(self))

    def __float__(self):
        return abs(self)

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def to_tuple(self):
        return self.x, self.y
# tests
import pytest
from solution import Vector


def test_sum():
    assert (Vector(1, 2) + Vector(3, 4)).to_tuple() == (4, 6)


def test_product():
    assert (Vector(1, 2) * 3).to_tuple() == (3, 6)
    assert (3 * Vector(1, 2)).to_tuple() == (3, 6)
    assert Vector(1, 2) @ Vector(3, 4) == 11


def test_unary():
    assert (-Vector(1, 2)).to_tuple() == (-1, -2)
    assert abs(Vector(3, 4)) == 5
    assert int(Vector(3, 4)) == 5 and float(Vector(3, 4)) == 5.0


def test_call():
    assert Vector(1, 1)(2).to_tuple() == (2, 2)


def test_in_place():
    vector = Vector(1, 1)
    vector += Vector(1, 2)
    assert vector.to_tuple() == (2, 3)


def test_type_error():
    with pytest.raises(TypeError):
        Vector(1, 2) - Vector(1, 2)


def test_is_no_value():
    assert Vector(1, 2) != (1, 2)
    assert not Vector(1, 2) == 3
    assert Vector(1, 2) is not None and Vector(1, 2) != None


def test_wrong():
    assert (Vector(1, 2) + Vector(3, 4)).x == 5
