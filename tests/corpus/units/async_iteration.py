import asyncio


class Timer:
    async def __aenter__(self):
        return "timer"

    async def __aexit__(self, *_):
        return None


async def ticks(n):
    for i in range(n):
        yield i


async def collect(n):
    return [i async for i in ticks(n)]


async def use():
    async with Timer() as name:
        return name


def in_order(values):
    async def main():
        queue = asyncio.Queue()
        for value in values:
            await queue.put(value)
        return [await queue.get() for _ in values]

    return asyncio.run(main())
# tests
import asyncio

from solution import collect, in_order, use


def test_collect():
    assert asyncio.run(collect(3)) == [0, 1, 2]


def test_use():
    assert asyncio.run(use()) == "timer"


def test_in_order():
    assert in_order([3, 1]) == [3, 1]


def test_timeout():
    async def main():
        return await asyncio.wait_for(collect(2), timeout=5)

    assert asyncio.run(main()) == [0, 1]


def test_wrong():
    assert asyncio.run(collect(1)) == [1]
