"""Answers that are waited for."""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from assize.errors import (
    AnswerTimeoutError,
    AssizeError,
    ForbiddenError,
    RejectedError,
    UnauthorizedError,
    UnexpectedAnswerError,
    UnreachableError,
)

if TYPE_CHECKING:
    from assize.models import Judgement, RunResult, SubmissionRequest, SubmissionState

DEFAULT_URL = "http://127.0.0.1:8751"
# Seconds for which the service is asked to keep an answer back: less than proxies allow a silent request.
SLICE = 30.0
# A service that answers sooner than it is asked to is asked no more often than this, in seconds.
PACE = 0.5
# What one call with many submissions carries: far less than the service takes.
CHUNK, CHUNK_BYTES = 200, 8 * 1024 * 1024
# Not about one submission of a batch, but about all of them.
CONCERNS_ALL = (UnreachableError, UnexpectedAnswerError, UnauthorizedError, ForbiddenError)


class AbandonedError(Exception):
    """Nobody waits for the answer any more. It is not seen outside of this package."""


class Deadline:
    """A time until which an answer is waited for."""

    def __init__(self, seconds: float = math.inf, abandoned: Event | None = None) -> None:
        """Begins now; where nobody waits any more, `abandoned` is set."""
        self.seconds = seconds
        self._abandoned = abandoned or Event()
        self._end = time.monotonic() + seconds
        self._asked = time.monotonic()

    def slice(self) -> float:
        """How long the service is asked to wait."""
        self._asked = time.monotonic()
        return min(SLICE, self.left())

    def left(self) -> float:
        """Seconds."""
        return max(0.0, self._end - time.monotonic())

    def pause(self, state: SubmissionState) -> float:
        """Seconds before it is asked again; raises an error when the time is up."""
        if self.left() == 0.0:
            raise AnswerTimeoutError(state, self.seconds)
        return min(self.left(), max(0.0, PACE - (time.monotonic() - self._asked)))

    def sleep(self, seconds: float) -> None:
        """Blocks for so long; raises an error as soon as nobody waits any more."""
        if self._abandoned.wait(seconds):
            raise AbandonedError


@dataclass(frozen=True)
class BatchItem:
    """What became of one submission of a batch."""

    index: int
    """Its place among the requests, from 0."""

    request: SubmissionRequest
    """What was sent, with its id."""

    state: SubmissionState | None = None
    """The submission, when it has ended."""

    error: AssizeError | None = None
    """Why there is no answer."""

    @classmethod
    def ended(cls, index: int, request: SubmissionRequest, state: SubmissionState) -> BatchItem:
        """One that has its answer, or was accepted and rejected then."""
        error = RejectedError(state.rejection) if state.rejection else None
        return cls(index, request, state, error)

    @property
    def judgement(self) -> Judgement:
        """The verdict; raises the error where there is none."""
        return judgement_of(self._ended())

    @property
    def result(self) -> RunResult:
        """What a program that was only run has printed; raises the error where there is none."""
        return result_of(self._ended())

    def _ended(self) -> SubmissionState:
        if self.error or not self.state:
            raise self.error or AssizeError("this submission has no answer")
        return self.state


def address(url: str | None, token: str | None) -> tuple[str, str | None]:
    """Where the service is, and the token: as given, else from ASSIZE_URL and ASSIZE_TOKEN."""
    return url or os.environ.get("ASSIZE_URL") or DEFAULT_URL, token or os.environ.get("ASSIZE_TOKEN")


def check_concurrency(concurrency: int) -> None:
    """Raises an error where a batch could judge nothing."""
    if concurrency < 1:
        raise ValueError(f"concurrency is {concurrency}; it has to be 1 or more")


def judgement_of(state: SubmissionState) -> Judgement:
    """The verdict on a submission that has ended."""
    if state.rejection:
        raise RejectedError(state.rejection)
    if not state.verdict:
        raise AssizeError(f"submission {state.id} was run, not judged; give it a problem or tests")
    return state.verdict


def result_of(state: SubmissionState) -> RunResult:
    """The result of a run that has ended."""
    if state.rejection:
        raise RejectedError(state.rejection)
    if not state.result:
        raise AssizeError(f"submission {state.id} was judged, not run")
    return state.result
