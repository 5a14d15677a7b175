class ArrayStack:
    def __init__(self): self.d = []
    def push(self, x): self.d.append(x)
    def pop(self): return self.d.pop()
class LinkedStack:
    def __init__(self): self.h = None
    def push(self, x): self.h = (x, self.h)
    def pop(self):
        x, self.h = self.h
        return x
# tests
import pytest
import solution
class Contract:
    make = None
    def test_order(self):
        s = self.make(); s.push(1); s.push(2)
        assert (s.pop(), s.pop()) == (2, 1)
    def test_empty(self):
        with pytest.raises((IndexError, TypeError)): self.make().pop()
class TestArray(Contract):
    def make(self): return solution.ArrayStack()
class TestLinked(Contract):
    def make(self): return solution.LinkedStack()
@pytest.mark.parametrize("cls", [solution.ArrayStack, solution.LinkedStack], ids=lambda c: c.__name__)
def test_each(cls):
    s = cls(); s.push("x")
    assert s.pop() == "x"
