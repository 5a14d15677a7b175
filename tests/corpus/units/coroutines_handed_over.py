import functools
def retried(function):
    @functools.wraps(function)
    async def call(*args):
        for _ in range(3):
            try:
                return await function(*args)
            except ValueError:
                continue
        raise RuntimeError("three times")
    return call
async def next_number(client):
    return await client.get("number") + 1
async def same(x):
    return x
async def call(function):
    return await function(3)
# tests
import asyncio
import unittest
from unittest.mock import AsyncMock

from solution import call, next_number, retried, same


def test_mock():
    client = AsyncMock()
    client.get.return_value = 4
    assert asyncio.run(next_number(client)) == 5
    client.get.assert_awaited_once_with("number")


def test_retried():
    calls = []

    @retried
    async def fails_once(x):
        calls.append(x)
        if len(calls) == 1:
            raise ValueError
        return x

    assert asyncio.run(fails_once(3)) == 3 and calls == [3, 3]


def test_calls_back():
    async def more(x):
        return await same(x) + 1

    assert asyncio.run(call(more)) == 4


def test_wrong():
    async def more(x):
        return await same(x) + 1

    assert asyncio.run(call(more)) == 3


class TestInALoop(unittest.IsolatedAsyncioTestCase):
    async def test_mock(self):
        client = AsyncMock()
        client.get.return_value = 4
        self.assertEqual(await next_number(client), 5)

    async def test_sleeps(self):
        async def later(x):
            await asyncio.sleep(0.001)
            return x

        self.assertEqual(await call(later), 3)
