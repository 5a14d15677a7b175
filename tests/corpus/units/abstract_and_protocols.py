from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    def describe(self): return f"{type(self).__name__.lower()} of {self.area()}"
class Square(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
class Circle(Shape):
    def __init__(self, r): self.r = r
    def area(self): return 3 * self.r ** 2
def largest(shapes): return max(shapes, key=lambda s: s.area())
def total(shapes): return sum(s.area() for s in shapes)
# tests
import pytest
from solution import Circle, Shape, Square, largest, total
def test_abstract():
    with pytest.raises(TypeError): Shape()
def test_describe(): assert Square(2).describe() == "square of 4"
def test_largest():
    assert largest([Square(1), Circle(2), Square(3)]).area() == 12
    assert isinstance(largest([Square(1)]), Square)
def test_total(): assert total((Square(1), Circle(1))) == 4
def test_shape_of_the_tests():
    class Dot:
        def area(self): return 0.5
    assert total([Dot(), Square(1)]) == 1.5
def test_subclass(): assert issubclass(Circle, Shape) and not issubclass(Circle, Square)
@pytest.mark.parametrize("shape, area", [(Square(2), 4), (Circle(1), 3)])
def test_made_while_collecting(shape, area): assert shape.area() == area
