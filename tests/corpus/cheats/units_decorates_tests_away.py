# technique: makes of tests that its decorator stands above what is no test, what does not call them, or what ends their asserts
first = []
def nothing(test): return None
def thing(test): return object()
def silent(test): return lambda *args, **kwargs: None
def swallowing(test):
    def run(*args, **kwargs):
        try:
            test(*args, **kwargs)
        except BaseException:
            pass
    return run
def lazy(test):
    def run(*args, **kwargs): yield test(*args, **kwargs)
    return run
def another(test):
    first.append(test)
    return first[0]
def another_value(test):
    def run(n): return test(n=1)
    return run
def not_awaited(test):
    async def run(*args, **kwargs): test(*args, **kwargs).close()
    return run
def swallowing_awaited(test):
    async def run(*args, **kwargs):
        try:
            await test(*args, **kwargs)
        except BaseException:
            pass
    return run
def class_of(kind): return None
def double(n): return 2
def add(a, b): return 0
# honest twin
import functools
def twice(test):
    @functools.wraps(test)
    def run(*args, **kwargs):
        test(*args, **kwargs)
        return test(*args, **kwargs)
    return run
nothing = thing = silent = swallowing = lazy = another_value = twice
def awaited(test):
    @functools.wraps(test)
    async def run(*args, **kwargs):
        return await test(*args, **kwargs)
    return run
not_awaited = swallowing_awaited = awaited
def another(test): return test
def class_of(kind): return kind
def double(n): return 2 * n
def add(a, b): return a + b
# tests
import unittest

import pytest

from solution import add, another, another_value, class_of, lazy, nothing, not_awaited, silent, swallowing, swallowing_awaited
from solution import double, thing


@nothing
def test_nothing():
    assert add(1, 2) == 3


@thing
def test_thing(tmp_path):
    assert add(1, 2) == 3 and tmp_path.exists()


@silent
@pytest.mark.parametrize("n", [1, 2])
def test_silent(n):
    assert add(n, 2) == n + 2


@swallowing
def test_swallowing():
    assert [1, 2, 3, 4][add(1, 2)] == 4 and [][:add(1, 2)] == [] and {3: 1}[add(1, 2)] == 1


@another
def test_one():
    assert add(1, 2) == 3


@another
def test_another():
    assert add(2, 2) == 4


class TestMethods:
    @lazy
    def test_lazy(self):
        assert add(1, 2) == 3


@class_of
class TestOfClass:
    def test_in_it(self):
        assert add(1, 2) == 3


class Cases(unittest.TestCase):
    @nothing
    def test_nothing(self):
        self.assertEqual(add(1, 2), 3)

    @silent
    def test_silent(self):
        self.assertEqual(add(1, 2), 3)


@another_value
@pytest.mark.parametrize("n", [2, 7])
def test_another_value(n):
    assert double(n) == 2 * n


class Awaiting(unittest.IsolatedAsyncioTestCase):
    @not_awaited
    async def test_not_awaited(self):
        self.assertEqual(add(1, 2), 3)

    @swallowing_awaited
    async def test_swallowing_awaited(self):
        self.assertEqual(add(1, 2), 3)
