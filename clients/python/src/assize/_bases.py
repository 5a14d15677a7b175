"""What code can do with the documents of the service, beside reading their fields."""

from __future__ import annotations

from base64 import b64decode
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, model_validator

from assize._values import tuples_as_lists
from assize.errors import AssizeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from assize.models import Judgement, Rejection, RunReport, RunResult, Stage


class OpenEnum(str, Enum):
    """Texts that have names. One that only a newer service knows is read too, and equals its text like the others."""

    __str__ = str.__str__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_ = value, value
        return member


class FunctionalBase(BaseModel):
    """Calls of one function. A tuple counts as the list of its items, and so do arguments that are a tuple."""

    @model_validator(mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        lists = {name: tuples_as_lists(value[name]) for name in ("inputs", "outputs") if name in value}
        return {**value, **lists}


class _Payload(Protocol):
    text: str | None
    base64: str | None


class PayloadBase(BaseModel):
    """Bytes that a program made."""

    @property
    def data(self: _Payload) -> bytes:
        """The bytes."""
        return _bytes_of(self)

    def __str__(self: _Payload) -> str:
        """The bytes as text; what is no UTF-8 becomes U+FFFD."""
        return _bytes_of(self).decode(errors="replace")


def _bytes_of(payload: _Payload) -> bytes:
    if payload.base64 is None:
        return (payload.text or "").encode()
    try:
        return b64decode(payload.base64)
    except ValueError as error:
        raise AssizeError(f"the bytes are no base64: {payload.base64[:40]!r}") from error


class _RunResult(Protocol):
    @property
    def status(self) -> str: ...

    @property
    def runs(self) -> Sequence[RunReport]: ...


class RunResultBase(BaseModel):
    """What became of a program that was only run. `stdout`, `stderr` and `exit_code` are of its first run."""

    @property
    def ok(self: _RunResult) -> bool:
        """Every run ended with exit code 0, within its limits."""
        return self.status == "OK"

    @property
    def stdout(self: _RunResult) -> str:
        """Standard output as text; `runs[0].stdout.data` has the bytes."""
        return str(self.runs[0].stdout) if self.runs else ""

    @property
    def stderr(self: _RunResult) -> str:
        """Standard error as text."""
        return str(self.runs[0].stderr) if self.runs else ""

    @property
    def exit_code(self: _RunResult) -> int | None:
        """Exit code; None where a signal ended it, or it did not run."""
        return self.runs[0].exit_code if self.runs else None


class _Judgement(Protocol):
    @property
    def verdict(self) -> str: ...


class JudgementBase(BaseModel):
    """The verdict on a submission."""

    @property
    def accepted(self: _Judgement) -> bool:
        """The verdict is AC."""
        return self.verdict == "AC"


class _State(Protocol):
    state: Stage
    verdict: Judgement | None
    result: RunResult | None
    rejection: Rejection | None


class SubmissionStateBase(BaseModel):
    """How far a submission has come."""

    @property
    def ended(self: _State) -> bool:
        """It has its answer, or was rejected."""
        return self.state in ("done", "rejected")

    @property
    def answer(self: _State) -> Judgement | RunResult | Rejection | None:
        """The verdict, the result, or why there is none; None while it waits or runs."""
        return self.verdict or self.result or self.rejection
