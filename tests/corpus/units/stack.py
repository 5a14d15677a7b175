class Empty(Exception):
    pass


class Stack:
    """Last in, first out."""

    kind = "stack"

    def __init__(self, items=()):
        self._items = list(items)

    def push(self, item):
        self._items.append(item)
        return self

    def pop(self):
        if not self._items:
            raise Empty("nothing is left", len(self._items))
        return self._items.pop()

    @property
    def size(self):
        return len(self._items)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(reversed(self._items))

    def __contains__(self, item):
        return item in self._items

    def __getitem__(self, index):
        return self._items[index]

    def __repr__(self):
        return f"Stack({self._items!r})"

    def __bool__(self):
        return bool(self._items)
# tests
import pytest
from solution import Empty, Stack


@pytest.fixture
def stack():
    return Stack([1, 2, 3])


def test_push_and_pop(stack):
    stack.push(4).push((5, {6}))
    assert stack.pop() == (5, {6})
    assert stack.pop() == 4
    assert stack.size == 3 and len(stack) == 3


def test_empty():
    with pytest.raises(Empty) as caught:
        Stack().pop()
    assert caught.value.args == ("nothing is left", 0)
    assert issubclass(Empty, Exception)


def test_iteration(stack):
    assert list(stack) == [3, 2, 1]
    assert [item for item in stack] == [3, 2, 1]
    assert 2 in stack and 5 not in stack
    assert stack[0] == 1 and stack[-1] == 3
    with pytest.raises(IndexError):
        stack[7]


def test_text(stack):
    assert repr(stack) == "Stack([1, 2, 3])"
    assert str(stack) == "Stack([1, 2, 3])"
    assert f"{stack}" == "Stack([1, 2, 3])"


def test_class(stack):
    assert isinstance(stack, Stack)
    assert not isinstance(3, Stack)
    assert Stack.kind == "stack" and Stack.__name__ == "Stack"
    assert Stack.__doc__ == "Last in, first out."


class TestTwoStacks:
    def setup_method(self):
        self.first, self.second = Stack(), Stack([1])

    def test_are_apart(self):
        self.first.push(1)
        assert self.second.size == 1
        self.second.pop()
        assert self.first.size == 1

    def test_start_anew(self):
        assert self.first.size == 0 and self.second.size == 1


def test_missing_method(stack):
    with pytest.raises(AttributeError):
        stack.peek()
    stack.peek()
