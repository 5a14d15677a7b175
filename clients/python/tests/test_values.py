"""Values of Python in requests: what is sent is what was written, or an error."""

from __future__ import annotations

import json
import math
import runpy
from collections import Counter, OrderedDict, defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from conftest import REPOSITORY

from assize import Assize, _requests, submission
from assize._requests import json_of
from assize.models import Data, Functional, InlineTest, RunRequest, SubmissionRequest

# What reads and writes values inside of a box.
BOX = runpy.run_path(str(REPOSITORY / "src" / "judge" / "plan" / "python" / "values.py"))

VALUES: list[Any] = [
    None,
    True,
    7,
    -1.5,
    "text",
    [1, [2]],
    {"a": {"b": [1]}},
    (1, (2, [])),
    {1, 2},
    {(1, 2)},
    frozenset({"a"}),
    {1: (2,)},
    {"$x": 1, "y": 2},
    {True: None},
    {(1, 2): {3}},
    b"ab\xff",
    bytearray(b"ab"),
    math.inf,
    -math.inf,
    math.nan,
    3 + 4j,
    complex(math.inf, 0),
    2**63,
    -(2**63),
    10**5000,
    "\ud800",
    {"\ud800": 1},
    Decimal("1.50"),
    Decimal("NaN"),
    Fraction(-1, 3),
    date(2026, 1, 31),
    time(12, 30),
    datetime(2026, 1, 31, 12, 30, tzinfo=timezone.utc),
    timedelta(1, 2, 3),
    Counter("aab"),
    OrderedDict(a=1),
    defaultdict(list, {1: [2]}),
]


class Point(NamedTuple):
    x: int
    y: int


def shown(value: object) -> str:
    return hex(value) if type(value) is int else repr(value)


def sent(request: SubmissionRequest) -> Any:
    return json.loads(json_of(request))


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_is_sent_as_a_box_writes_it(value: object) -> None:
    call = {"call": "f", "args": [value], "kwargs": {"x": value}, "expect": value}
    (test,) = sent(submission("x", tests=[call]))["tests"]
    (changed,) = json.loads(
        _requests.test_set_json([InlineTest(call="f", args=[Data(value)], expect_args=[Data(value)])])
    )
    for found in (*test["args"], test["kwargs"]["x"], test["expect"], *changed["args"], *changed["expect_args"]):
        # NaN equals nothing, and 1 equals True.
        assert shown(BOX["decode"](found)) == shown(BOX["decode"](BOX["encode"](value)))


@pytest.mark.parametrize(
    ("written", "as_sent"),
    [
        ({"$tuple": [1, 2]}, {"$tuple": [1, 2]}),
        ({"$tuple": (1, {2})}, {"$tuple": [1, {"$set": [2]}]}),
        ({"$dict": [((1, 2), math.inf)]}, {"$dict": [[{"$tuple": [1, 2]}, {"$float": "inf"}]]}),
        ({"$float": "nan"}, {"$float": "nan"}),
        ({"$array": [[1, 2]]}, {"$array": [[1, 2]]}),
        (Point(1, 2), {"$tuple": [1, 2]}),
    ],
)
def test_tags_that_are_written_stay(written: object, as_sent: object) -> None:
    request = submission("x", tests=[{"call": "f", "expect": written}])
    assert sent(request)["tests"][0]["expect"] == as_sent
    again = submission("x", tests=request.tests or [])
    assert json_of(again) == json_of(request)


def test_a_tuple_is_a_list_in_calls_of_data_sets_and_nothing_else_is() -> None:
    inputs = [((1, 2), {1: (2,)}, {(1, 2)}), "1\n2"]
    items = [[1, 2], {"$dict": [[1, [2]]]}, {"$set": [{"$tuple": [1, 2]}]}]
    functional: dict[str, Any] = {"fn_name": "f", "inputs": inputs, "outputs": [(1, math.inf), "3"]}
    for given in (functional, Functional(**functional)):
        found = sent(submission("x", functional=given))["functional"]
        assert found == {"fn_name": "f", "inputs": [items, "1\n2"], "outputs": [[1, {"$float": "inf"}], "3"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"tests": [{"call": "f", "expect": object()}]},
        {"tests": [{"call": "f", "args": [[Decimal("sNaN")]]}]},
        {"tests": [InlineTest]},
        {"tests": [("name", "3", "9")]},
        {"tests": [("3",)]},
        {"tests": ["ab"]},
        {"tests": [3]},
        {"functional": {"fn_name": "f", "inputs": [[range(3)]], "outputs": [1]}},
    ],
)
def test_what_is_no_data_or_no_test_is_refused_at_once(fields: Any) -> None:
    with pytest.raises(TypeError):
        submission("x", **fields)
    if "tests" in fields:
        with pytest.raises(TypeError):
            _requests.test_set_json(fields["tests"])


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_of_json_becomes_no_null(number: float) -> None:
    approximate: dict[str, Any] = {"call": "f", "expect": 1.0, "compare": {"mode": "approximate", "rel": abs(number)}}
    requests: list[SubmissionRequest | RunRequest] = [
        SubmissionRequest(source="x", metadata={"x": [number]}),
        RunRequest(source="x", metadata={"x": number}),
    ]
    if number == math.inf:
        requests.append(submission("x", tests=[approximate]))
    for request in requests:
        with pytest.raises(ValueError, match="no number of JSON"):
            json_of(request)
    assert sent(submission("NaN", metadata={"x": "Infinity"}))["metadata"] == {"x": "Infinity"}


def test_what_is_expected_is_what_was_written(client: Assize) -> None:
    program = "def same(x): return x\ndef listed(x): return list(x)\ndef none(x): return None"
    values: list[Any] = [(1, 2), {1, 2}, {1: 2}, math.inf, b"ab", 3 + 4j, Decimal("1.50"), date(2026, 1, 31)]
    right: list[Any] = [{"call": "same", "args": [value], "expect": value} for value in values]
    wrong: list[Any] = [
        {"call": "listed", "args": [(1, 2)], "expect": (1, 2)},
        {"call": "listed", "args": [{1}], "expect": {1}},
        {"call": "none", "args": [1], "expect": math.inf},
    ]
    judgement = client.judge(program, tests=[*right, *wrong])
    assert [test.verdict for test in judgement.tests] == ["AC"] * len(right) + ["WA"] * len(wrong)
