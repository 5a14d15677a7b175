# technique: has objects in the place of classes that classes of the tests hold, so that tests seem to be wrong
class Thing: pass
Stack, Failed = Thing(), Thing()
def size(items): return 3
# honest twin
class Stack:
    def __init__(self, *items): self.items = list(items)
    def pop(self): return self.items.pop()
class Failed(Exception): pass
# tests
import unittest
from functools import partial

import pytest

from solution import Failed, Stack


class StackCase(unittest.TestCase):
    kind = Stack

    def setUp(self):
        self.stack = self.kind(1)

    def test_pop(self):
        self.assertEqual(self.stack.pop(), 1)


class Expected:
    errors = (ValueError, Failed)


def test_raises():
    with pytest.raises(Expected.errors):
        raise Failed


made = partial(Stack, 3) if callable(Stack) else None


def test_partial():
    assert made().pop() == 3
