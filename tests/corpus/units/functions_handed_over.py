import functools
import inspect
def logged(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **kwargs)
    return call
def curry(function):
    count = function.__code__.co_argcount
    def call(*args):
        return function(*args) if len(args) >= count else lambda *more: call(*args, *more)
    return call
def curry_by_signature(function):
    count = len(inspect.signature(function).parameters)
    def call(*args):
        return function(*args) if len(args) >= count else lambda *more: call(*args, *more)
    return call
RESULTS = {}
def remembered(function):
    def call(*args):
        if (function, args) not in RESULTS:
            RESULTS[function, args] = function(*args)
        return RESULTS[function, args]
    return call
def checked(function):
    kinds = function.__annotations__
    def call(*args):
        for arg, kind in zip(args, kinds.values()):
            if not isinstance(arg, kind):
                raise TypeError(kind.__name__)
        return function(*args)
    return call
def shown(function): return f"{function!r}: {function.__doc__}"
class Positive:
    def __set_name__(self, owner, name):
        self.name = f"_{name}"
    def __get__(self, held, owner=None):
        return self if held is None else getattr(held, self.name)
    def __set__(self, held, value):
        if value <= 0:
            raise ValueError("not positive")
        setattr(held, self.name, value)
class Greeter:
    def greet(self): return "hello"
def greeting(): return Greeter().greet()
class Stack:
    """A stack."""
    def __init__(self, items=()):
        """Makes one of items."""
        self.items = list(items)
# tests
import inspect

import pytest
import solution
from solution import Positive, Stack, checked, curry, curry_by_signature, greeting, logged, remembered, shown


def test_wrapped():
    @logged
    def double(x):
        """Twice as much."""
        return 2 * x

    assert double(2) == 4 and double.__name__ == "double" and double.__doc__ == "Twice as much."


@pytest.mark.parametrize("currying", [curry, curry_by_signature])
def test_curried(currying):
    assert currying(lambda a, b, c: a + b + c)(1)(2)(3) == 6
    assert currying(lambda a, b: a - b)(5, 2) == 3


def test_remembered():
    calls = []
    function = remembered(lambda x: calls.append(x) or x)
    assert function(1) == function(1) == 1 and calls == [1]


def test_checked():
    @checked
    def repeat(count: int, text: str):
        return count * text

    assert repeat(2, "x") == "xx"
    with pytest.raises(TypeError, match="int"):
        repeat("x", 2)


def test_shown():
    def helper():
        """Helps."""

    assert "helper" in shown(helper) and shown(helper).endswith("Helps.")


def test_method_of_a_class_of_the_tests():
    class Counter:
        def __init__(self):
            self.count = 5

        @logged
        def add(self, number):
            return self.count + number

    assert Counter().add(1) == 6


def test_descriptor_in_a_class_of_the_tests():
    class Order:
        amount = Positive()

    order = Order()
    order.amount = 3
    assert order.amount == 3 and isinstance(Order.amount, Positive)
    with pytest.raises(ValueError):
        order.amount = -1


def test_method_that_is_patched(monkeypatch):
    monkeypatch.setattr(solution.Greeter, "greet", lambda self: "bye")
    assert greeting() == "bye"


def test_wrong_method(monkeypatch):
    monkeypatch.setattr(solution.Greeter, "greet", lambda self: "bye")
    assert greeting() == "hello"


def test_how_objects_are_made():
    assert Stack.__doc__ == "A stack." and Stack.__init__.__doc__ == "Makes one of items."
    assert list(inspect.signature(Stack.__init__).parameters) == ["self", "items"]
