import pytest
from solution import Stack


@pytest.fixture
def stack():
    return Stack(["a", "b"])


def test_pop(stack):
    assert stack.pop() == "b"
    assert len(stack) == 1


@pytest.mark.parametrize("item", [0, None, (1, 2)])
def test_push(stack, item):
    stack.push(item)
    assert stack.pop() == item


def test_empty():
    with pytest.raises(IndexError, match="empty"):
        Stack().pop()
