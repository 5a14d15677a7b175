import pathlib
import re
import uuid
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def with_suffix(path, suffix):
    return path.with_suffix(suffix)


def below(path):
    return pathlib.PurePosixPath("/srv") / path


def numbered(number):
    return uuid.UUID(int=number)


def version(identifier):
    return identifier.version


def words(pattern, text):
    return pattern.findall(text)


def at_midnight(zone):
    return datetime(2024, 7, 1, tzinfo=zone)


def zone_of(time):
    return time.tzinfo


def moved(time, zone):
    return time.astimezone(zone)


def pattern():
    return WORD


def east(hours):
    return timezone(timedelta(hours=hours))


def utc():
    return UTC


def same(value):
    return value
# tests
import re
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePosixPath, PureWindowsPath
from zoneinfo import ZoneInfo

import pytest
from solution import at_midnight, below, east, moved, numbered, pattern, same, utc, version, with_suffix, words, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def test_paths():
    assert with_suffix(Path("a/b.txt"), ".md") == Path("a/b.md")
    assert below("x") == PurePosixPath("/srv/x")
    assert isinstance(below("x"), PurePosixPath) and not isinstance(below("x"), Path)
    assert same(PureWindowsPath("c:/a")) == PureWindowsPath("c:\\a")
    assert with_suffix(Path("a.txt"), ".md").name == "a.md"


def test_another_path():
    assert with_suffix(Path("a/b.txt"), ".md") == Path("a/b.rst")


def test_identifiers():
    assert numbered(1) == uuid.UUID(int=1)
    assert version(uuid.UUID("12345678-1234-4234-8234-123456789abc")) == 4


def test_patterns():
    assert words(re.compile("[0-9]+"), "1 a 22") == ["1", "22"]
    assert pattern().fullmatch("aBc") and not pattern().fullmatch("a1")
    assert pattern().pattern == "[a-z]+" and pattern().flags & re.IGNORECASE
    assert same(re.compile(b"x", re.DOTALL)) == re.compile(b"x", re.DOTALL)


def test_zones():
    assert at_midnight(BERLIN) == datetime(2024, 7, 1, tzinfo=BERLIN)
    assert at_midnight(BERLIN).tzinfo == BERLIN and zone_of(at_midnight(BERLIN)) == BERLIN
    assert at_midnight(BERLIN).utcoffset() == timedelta(hours=2)
    assert moved(datetime(2024, 7, 1, 12, tzinfo=timezone.utc), BERLIN).hour == 14
    assert at_midnight(timezone.utc).tzinfo is timezone.utc
    assert utc() is timezone.utc and east(2) == timezone(timedelta(hours=2))
    assert same(timezone(timedelta(hours=1), "there")).tzname(None) == "there"


def test_hours_that_come_twice():
    twice = datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=1)
    assert same(twice).utcoffset() == timedelta(hours=1)
    assert same(twice.replace(fold=0)).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("value", [Path("a"), uuid.UUID(int=3), re.compile("a"), timezone.utc, BERLIN])
def test_inside_of_others(value):
    assert same([value, {"a": (value,)}]) == [value, {"a": (value,)}]
    assert same({value: 1}) == {value: 1}
