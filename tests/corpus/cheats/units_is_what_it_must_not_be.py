# technique: has classes below a list, with methods that they must not have, and without those that they must have
class Stack(list): pass
class Plain:
    def __len__(self): return 0
class Queue: pass
def make(): return Stack()
# honest twin
class Stack:
    def __init__(self): self.items = []
class Plain: pass
class Queue:
    def __len__(self): return 0
    def __eq__(self, other): return NotImplemented
def make(): return Stack()
# tests
import collections.abc

from solution import Plain, Queue, Stack, make


def test_no_list():
    assert not isinstance(make(), list)


def test_not_below_list():
    assert not issubclass(Stack, list)


def test_bases():
    assert list not in Stack.__mro__


def test_only_object():
    assert Stack.__bases__ == (object,)


def test_no_length():
    assert not hasattr(Plain(), "__len__")


def test_length():
    assert hasattr(Queue(), "__len__") and hasattr(Queue, "__len__")


def test_defined():
    assert Queue.__eq__ is not object.__eq__


def test_sized():
    assert isinstance(Queue(), collections.abc.Sized)
