import dataclasses, decimal, json, statistics
@dataclasses.dataclass(frozen=True)
class Point:
    x: int
def parse(text):
    return json.loads(text)
def number(text):
    return decimal.Decimal(text)
def mean(items):
    return statistics.mean(items)
def read(path):
    return open(path).read()
def chained():
    try:
        {}["a"]
    except KeyError as error:
        raise ValueError("bad") from error
def noted():
    error = ValueError("bad")
    error.add_note("see here")
    raise error
def grouped():
    raise ExceptionGroup("two", [ValueError("a"), TypeError("b")])
class Ticks:
    async def __aenter__(self): return self
    async def __aexit__(self, *_): self.closed = True
    async def __aiter__(self):
        for n in range(3): yield n
# tests
import asyncio
import dataclasses
import decimal
import json
import statistics

import pytest
from solution import Point, Ticks, chained, grouped, mean, noted, number, parse, read


def test_json():
    with pytest.raises(json.JSONDecodeError) as info:
        parse("{")
    assert info.value.pos == 1


def test_decimal():
    with pytest.raises(decimal.InvalidOperation):
        number("x")


def test_statistics():
    with pytest.raises(statistics.StatisticsError):
        mean([])


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2


def test_os_error():
    with pytest.raises(FileNotFoundError) as info:
        read("/nowhere")
    assert info.value.errno == 2 and info.value.filename == "/nowhere"


def test_cause():
    with pytest.raises(ValueError) as info:
        chained()
    assert isinstance(info.value.__cause__, KeyError)


def test_note():
    with pytest.raises(ValueError) as info:
        noted()
    assert info.value.__notes__ == ["see here"]


def test_group():
    with pytest.raises(ExceptionGroup) as info:
        grouped()
    assert [str(each) for each in info.value.exceptions] == ["a", "b"]


def test_async():
    async def all_of():
        async with Ticks() as ticks:
            return [each async for each in ticks]

    assert asyncio.run(all_of()) == [0, 1, 2]


def test_wrong():
    with pytest.raises(json.JSONDecodeError):
        mean([])
