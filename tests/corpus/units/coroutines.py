import asyncio


async def double(value):
    await asyncio.sleep(0)
    return value * 2


async def fail():
    raise ValueError("async")


async def gather(values):
    return await asyncio.gather(*(double(value) for value in values))


class Client:
    def __init__(self):
        self.calls = 0

    async def get(self, name):
        self.calls += 1
        return {"name": name}
# tests
import asyncio
import unittest

import pytest
from solution import Client, double, fail, gather


def test_run():
    assert asyncio.run(double(2)) == 4


def test_await():
    async def main():
        return await double(1) + await double(2)

    assert asyncio.run(main()) == 6


def test_gather():
    assert asyncio.run(gather([1, 2])) == [2, 4]


def test_gather_here():
    async def main():
        return await asyncio.gather(double(1), double(2))

    assert asyncio.run(main()) == [2, 4]


def test_error():
    with pytest.raises(ValueError, match="async"):
        asyncio.run(fail())


def test_method():
    client = Client()
    assert asyncio.run(client.get("a")) == {"name": "a"}
    assert client.calls == 1


class Cases(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = Client()

    async def test_get(self):
        self.assertEqual(await self.client.get("b"), {"name": "b"})

    async def test_wrong(self):
        self.assertEqual(await double(2), 5)
