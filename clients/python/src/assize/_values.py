"""Values of Python as the service reads them: JSON, with tags for what JSON has no word for (docs/grading.md)."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import RootModel, model_validator

# Larger whole numbers are written in hexadecimal, which can be of any length.
SMALL = 1 << 63


class DataBase(RootModel[Any]):
    """A value of Python, which becomes JSON with tags."""

    @model_validator(mode="before")
    @classmethod
    def _tag(cls, value: object) -> object:
        return value if isinstance(value, cls) else tagged(value)


def tagged(value: object) -> object:
    """The value as JSON with tags. What has tags already stays as it is; raises TypeError for what is no data."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        items = [tagged(item) for item in value]
        return {"$tuple": items} if isinstance(value, tuple) else items
    if isinstance(value, (set, frozenset)):
        # In the same order each time: test sets are known by their bytes.
        items = sorted((tagged(item) for item in value), key=repr)
        return {"$frozenset" if isinstance(value, frozenset) else "$set": items}
    if isinstance(value, Mapping):
        return _mapping(value)
    return _scalar(value)


def tuples_as_lists(value: object) -> object:
    """The same where a tuple counts as the list of its items. What a set or a dict is kept by has to stay a tuple."""
    if isinstance(value, (list, tuple)):
        return [tuples_as_lists(item) for item in value]
    if isinstance(value, Mapping) and not _is_tag(value):
        return {key: tuples_as_lists(item) for key, item in value.items()}
    return value


def _is_tag(value: Mapping[Any, Any]) -> bool:
    """Whether it is what a tag is written as."""
    return len(value) == 1 and all(isinstance(key, str) and key.startswith("$") for key in value)


def _mapping(value: Mapping[Any, Any]) -> object:
    if _is_tag(value):
        ((tag, content),) = value.items()
        return {tag: _content(tag, content)}
    if all(isinstance(key, str) and not key.startswith("$") and _text(key) is key for key in value):
        return {key: tagged(item) for key, item in value.items()}
    return {"$dict": [[tagged(key), tagged(item)] for key, item in value.items()]}


def _content(tag: str, content: object) -> object:
    """What stands behind a tag: a list of values, or one of pairs, may be a tuple in Python."""
    if not isinstance(content, (list, tuple)):
        return tagged(content)
    if tag == "$dict":
        return [[tagged(part) for part in pair] for pair in content]
    return [tagged(item) for item in content]


def _scalar(value: object) -> object:
    for kind, tag in _KINDS.items():
        if isinstance(value, kind):
            return tag(value)
    name = type(value).__name__
    raise TypeError(f"a value of the type {name!r} is no data; docs/grading.md has the tags of what is")


def _text(value: str) -> object:
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"$surrogates": _base64(value.encode("utf-8", "surrogatepass"))}
    return value


def _int(value: int) -> object:
    return int(value) if -SMALL < value < SMALL else {"$int": hex(value)}


def _float(value: float) -> object:
    if math.isfinite(value):
        return float(value)
    return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def _complex(value: complex) -> object:
    return {"$complex": [_float(value.real), _float(value.imag)]}


def _bytes(value: bytes | bytearray) -> object:
    return {"$bytes": _base64(bytes(value))}


def _decimal(value: Decimal) -> object:
    if value.is_snan():
        raise TypeError("a signalling NaN is no data")
    return {"$decimal": "NaN" if value.is_nan() else str(value)}


def _fraction(value: Fraction) -> object:
    return {"$fraction": f"{value.numerator:#x}/{value.denominator:#x}"}


def _datetime(value: datetime) -> object:
    return {"$datetime": value.isoformat()}


def _date(value: date) -> object:
    return {"$date": value.isoformat()}


def _time(value: time) -> object:
    if value.tzinfo is not None:
        raise TypeError("a time with a zone is no data")
    return {"$time": value.isoformat()}


def _timedelta(value: timedelta) -> object:
    return {"$timedelta": [value.days, value.seconds, value.microseconds]}


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


# A datetime is a date, too.
_KINDS: dict[Any, Any] = {
    str: _text,
    int: _int,
    float: _float,
    complex: _complex,
    (bytes, bytearray): _bytes,
    Decimal: _decimal,
    Fraction: _fraction,
    datetime: _datetime,
    date: _date,
    time: _time,
    timedelta: _timedelta,
}
