import base64
import datetime
import json


def now(): return datetime.datetime.now()
def stamp(): return datetime.datetime.now().strftime("%Y-%m-%d")
def year(): return datetime.date.today().year
def later(days): return datetime.date.today() + datetime.timedelta(days=days)
def parsed(text): return json.loads(text)
def packed(data): return base64.b64encode(data)
# tests
import datetime
from unittest.mock import patch

from solution import later, now, packed, parsed, stamp, year

NOON, DAY = datetime.datetime(2020, 5, 5, 12), datetime.date(1999, 1, 1)


class FakeDate(datetime.date):
    @classmethod
    def today(cls):
        return datetime.date(1999, 12, 31)


def test_moment():
    with patch("solution.datetime.datetime") as patched:
        patched.now.return_value = NOON
        assert now() == NOON
        assert stamp() == "2020-05-05"


def test_day():
    with patch("solution.datetime.date") as patched:
        patched.today.return_value = DAY
        assert year() == 1999


def test_wrapped():
    with patch("solution.datetime.datetime", wraps=datetime.datetime) as patched:
        patched.now.return_value = NOON
        assert now() == NOON


def test_class_in_its_place(monkeypatch):
    monkeypatch.setattr("solution.datetime.date", FakeDate)
    assert year() == 1999
    assert later(1) == datetime.date(2000, 1, 1)


def test_functions():
    with patch("solution.json.loads", return_value={"a": 1}) as patched:
        assert parsed("[]") == {"a": 1}
    patched.assert_called_once_with("[]")
    with patch("solution.base64.b64encode", return_value=b"q"):
        assert packed(b"data") == b"q"
    assert packed(b"data") == b"ZGF0YQ=="
