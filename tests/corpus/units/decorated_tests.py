import functools
def twice(test):
    @functools.wraps(test)
    def run(*args, **kwargs):
        test(*args, **kwargs)
        return test(*args, **kwargs)
    return run
def retry(times):
    def decorate(test):
        @functools.wraps(test)
        def run(*args, **kwargs):
            for _ in range(times):
                try:
                    return test(*args, **kwargs)
                except LookupError as error:
                    last = error
            raise last
        return run
    return decorate
def awaiting(test):
    @functools.wraps(test)
    async def run(*args, **kwargs):
        return await test(*args, **kwargs)
    return run
def registered(test):
    return test
def add(a, b):
    return a + b
# tests
import unittest

import pytest

from solution import add, awaiting, registered, retry, twice


@twice
def test_right(tmp_path):
    assert add(1, 2) == 3 and tmp_path.exists()


@twice
def test_wrong():
    assert add(1, 2) == 4


@twice
@pytest.mark.parametrize("n", [1, 2])
def test_each(n):
    assert add(n, 2) == n + 2


@pytest.mark.parametrize("n", [1, 2])
@registered
def test_registered(n):
    assert add(n, 2) == 4


attempts = []


@retry(3)
def test_retried():
    attempts.append(1)
    assert len(attempts) > 1 or [][add(1, 2)]


class Shared:
    @twice
    def test_inherited(self):
        assert add(1, 2) == 3


class TestOne(Shared):
    pass


class Cases(unittest.TestCase):
    @twice
    def test_right(self):
        self.assertEqual(add(1, 2), 3)

    @twice
    def test_wrong(self):
        self.assertEqual(add(1, 2), 4)


class Awaiting(unittest.IsolatedAsyncioTestCase):
    @awaiting
    async def test_right(self):
        self.assertEqual(add(1, 2), 3)


@twice
def tester(x=1):
    return add(x, 1)


def test_helper_that_is_decorated():
    assert tester(1) == 2


class Testbed:
    __test__ = False

    @twice
    def test_value(self, x):
        return add(x, 1)


def test_method_of_a_helper_that_is_decorated():
    assert Testbed().test_value(2) == 3


@twice
@pytest.mark.parametrize("given", [[1, 2], {"a": (1, 2.5)}, None])
def test_arguments_of_each_kind(given, tmp_path):
    assert add(1, 2) == 3 and given != tmp_path
