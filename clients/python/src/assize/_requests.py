"""Requests, from what is handy to write in Python."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID, uuid4

from pydantic_core import to_json

from assize.models import (
    FetchFile,
    FileMessage,
    Functional,
    InlineTest,
    ProblemRef,
    PytestOptions,
    RequestedLimits,
    RunInputMessage,
    RunMessage,
    RunRequest,
    SubmissionRequest,
    TestSetInfo,
)

if TYPE_CHECKING:
    from pydantic import BaseModel
    from typing_extensions import Unpack

    from assize.models import Stage, Verdict


PAIR = 2
CALL = '{"call": "add", "args": [1, 2], "expect": 3}'

Tests = Sequence[tuple[str, str] | InlineTest | Mapping[str, Any]]
"""Pairs of an input and the answer to it, or calls such as `{"call": "add", "args": [1, 2], "expect": 3}`."""

TestSet = str | TestSetInfo
"""A test set, or its name."""


class ProgramFields(TypedDict, total=False):
    """What can be said about every program."""

    files: Mapping[str, str | bytes] | Sequence[FileMessage]
    """The program, where it is several files, or has some beside it; bytes where one is no UTF-8."""
    language: str
    """Name of a language; without it that of the service."""
    entry_point: str
    """The file to start."""
    limits: RequestedLimits | Mapping[str, int]
    """Limits, such as `{"cpu_ms": 2000}`."""
    metadata: Mapping[str, Any]
    """Free data, which the answer has too."""


class SubmissionFields(ProgramFields, total=False):
    """What can be said about a program that is judged."""

    problem: str | ProblemRef
    """The problem to judge against."""
    tests: Tests
    """Instead of a problem: pairs of an input and the answer to it, or calls such as
    `{"call": "add", "args": [1, 2], "expect": 3}`."""
    test_set: TestSet
    """Instead of a problem: tests that were uploaded before, with `test_sets.put(tests)`."""
    asserts: Sequence[str]
    """Instead of a problem: asserts about functions of the program, a test each."""
    functional: Functional | Mapping[str, Any]
    """Instead of a problem: calls of one function as data sets have them, `{"fn_name", "inputs", "outputs"}`."""
    pytest: Mapping[str, str]
    """Instead of a problem: unit tests, as files by their names, such as `{"test_add.py": "..."}`."""
    pytest_options: PytestOptions | Mapping[str, Any]
    """How unit tests see the program, such as `{"strict": False}`."""
    run: RunMessage
    """Instead of both: the program is only run, such as in a batch."""
    validator_flags: Sequence[str]
    """Flags of the default output validator for `tests` and `test_set`, such as `["float_tolerance", "1e-6"]`."""
    stop_on_first_failure: bool
    """Whether the tests behind the first failing one are skipped."""
    callback_url: str
    """Where the service sends the answer, as a signed webhook."""
    id: UUID | str
    """Identifies the submission: the same id is judged once."""


class RunFields(ProgramFields, total=False):
    """What can be said about a program that is only run."""

    stdin: str | bytes
    """Standard input."""
    args: Sequence[str]
    """Arguments of the program."""
    inputs: Sequence[str | bytes | RunInputMessage]
    """Instead of both: several inputs, with one run each."""
    fetch: Sequence[str | FetchFile]
    """Files to fetch after each run."""
    keep_s: int
    """How long program and result are kept behind the result, in seconds."""


class SubmissionFilter(TypedDict, total=False):
    """Which submissions are wanted. What is not given does not matter."""

    problem: str
    """Id of the problem."""
    state: Stage | str
    """How far they have come: queued, running, done or rejected."""
    verdict: Verdict | str
    """Code of their verdicts."""
    metadata: Mapping[str, str | float | bool]
    """What is at the top of their metadata."""
    since: datetime
    """Handed in then or later."""
    until: datetime
    """Handed in before."""
    site: str
    """The site that handed them in."""


def filter_parameters(wanted: SubmissionFilter, cursor: str | None) -> dict[str, str]:
    """The same as parameters of a request."""
    parameters = {name: _word(value) for name, value in wanted.items() if name != "metadata"}
    parameters |= {f"metadata[{key}]": _word(value) for key, value in wanted.get("metadata", {}).items()}
    return parameters if cursor is None else {**parameters, "cursor": cursor}


def submission(program: str | None = None, **fields: Unpack[SubmissionFields]) -> SubmissionRequest:
    """A program that is to be judged, against a problem of the service or against tests that come along."""
    request: dict[str, Any] = _program(program, fields)
    if isinstance(problem := request.get("problem"), str):
        request["problem"] = ProblemRef(id=problem)
    if tests := request.get("tests"):
        request["tests"] = [_test(test) for test in tests]
    if isinstance(test_set := request.get("test_set"), TestSetInfo):
        request["test_set"] = test_set.test_set
    return SubmissionRequest(**request)


def test_set_json(tests: Tests) -> bytes:
    """Tests as they are uploaded, always in the same bytes."""
    return b"[" + b",".join(json_of(_test(test)) for test in tests) + b"]"


def json_of(document: BaseModel) -> bytes:
    """A document as it is sent. What was not given is not, so that an older service does not stumble over it."""
    text = to_json(document.model_dump(exclude_unset=True), inf_nan_mode="constants")
    if b"NaN" in text or b"Infinity" in text:
        # Free data and options: values of tests have tags for them.
        json.loads(text, parse_constant=_no_number)
    return text


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def run_request(program: str | None = None, **fields: Unpack[RunFields]) -> RunRequest:
    """A program that is only run."""
    request: dict[str, Any] = _program(program, fields)
    request |= _stdin(request.pop("stdin", None))
    if inputs := request.get("inputs"):
        request["inputs"] = [_input(one) for one in inputs]
    if fetch := request.get("fetch"):
        request["fetch"] = [_fetched(file) for file in fetch]
    return RunRequest(**request)


def request_of(
    program: str | SubmissionRequest | None, fields: SubmissionFields, idempotency_key: str | None
) -> SubmissionRequest:
    """The request that a method is called with, or that it is to make of its arguments; it can be sent again."""
    if not isinstance(program, SubmissionRequest):
        program = submission(program, **fields)
    elif fields:
        raise TypeError(f"{', '.join(fields)}: give it to submission(...), which makes the request")
    return program if idempotency_key else named(program)


def named(request: SubmissionRequest) -> SubmissionRequest:
    """The same request with an id, so that it can be sent again."""
    return request if request.id else request.model_copy(update={"id": uuid4()})


def _program(program: str | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    request = {name: value for name, value in fields.items() if value is not None}
    if program is not None:
        request["source"] = program
    if isinstance(files := request.get("files"), Mapping):
        request["files"] = [_file(name, content) for name, content in files.items()]
    return request


def _file(name: str, content: str | bytes) -> FileMessage:
    if isinstance(content, str):
        return FileMessage(name=name, content=content)
    return FileMessage(name=name, content_base64=_base64(content))


def _test(test: tuple[str, str] | InlineTest | Mapping[str, Any]) -> InlineTest:
    if isinstance(test, InlineTest):
        return test
    if isinstance(test, Mapping):
        return InlineTest(**test)
    if isinstance(test, str) or len(test) != PAIR:
        raise TypeError(
            f"{test!r} is no test; one is a pair of an input and the answer to it, or a call such as {CALL}"
        )
    return InlineTest(input=test[0], answer=test[1])


def _input(one: str | bytes | RunInputMessage) -> RunInputMessage:
    return one if isinstance(one, RunInputMessage) else RunInputMessage(**_stdin(one))


def _stdin(stdin: str | bytes | None) -> dict[str, Any]:
    if stdin is None:
        return {}
    return {"stdin": stdin} if isinstance(stdin, str) else {"stdin_base64": _base64(stdin)}


def _fetched(file: str | FetchFile) -> FetchFile:
    return file if isinstance(file, FetchFile) else FetchFile(path=file)


def _word(value: object) -> str:
    """A value as the service writes it."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, str) else json.dumps(value)


def _base64(content: bytes) -> str:
    return b64encode(content).decode()
