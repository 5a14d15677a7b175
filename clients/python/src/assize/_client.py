"""The client that blocks."""

from __future__ import annotations

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import httpx
from httpx_sse import EventSource

from assize import _calls
from assize._answers import (
    CHUNK,
    CHUNK_BYTES,
    CONCERNS_ALL,
    BatchItem,
    Deadline,
    address,
    check_concurrency,
    judgement_of,
    result_of,
)
from assize._events import SILENCE, Position
from assize._requests import named, request_of, run_request
from assize._retries import Failures, Retries
from assize._test_sets import TestSets
from assize._threads import in_thread
from assize.errors import AssizeError, TooLargeError, UnreachableError, noted
from assize.models import RunResult, SubmissionState
from assize.webhooks import verify_webhook

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from typing_extensions import Self, Unpack

    from assize._calls import Call, Submission
    from assize._events import Event
    from assize._requests import RunFields, SubmissionFields, SubmissionFilter
    from assize.errors import RefusedError
    from assize.models import (
        Judgement,
        KeptProblem,
        LanguageInfo,
        ProblemInfo,
        ProblemRejudgeAccepted,
        RejudgeAccepted,
        ServiceStatus,
        SubmissionRequest,
        SubmissionSummary,
    )

T = TypeVar("T")


class Assize:
    """A client of the service. It may be used by several threads at once.

    Args:
        url: Where the service is; without it ASSIZE_URL, else this host.
        token: The site's token; without it ASSIZE_TOKEN.
        timeout: Seconds for which the service may be silent, beyond those that it is asked to wait.
        retries: How long what is refused for now is asked again.
        transport: Another way to the service, for tests.

    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Connects with the first request."""
        self.url, token = address(url, token)
        self._timeout = timeout
        self._retries = retries or Retries()
        self._http = httpx.Client(**_calls.settings(self.url, token), transport=transport)
        self.test_sets = TestSets(self._send)
        """Tests that are uploaded once, for many submissions."""

    def run(self, program: str | None = None, *, timeout: float = 600.0, **fields: Unpack[RunFields]) -> RunResult:
        """Runs a program, and waits for what it prints."""
        deadline = Deadline(timeout)
        answer = self._send(_calls.run(run_request(program, **fields), deadline.slice()), deadline)
        if isinstance(answer, RunResult):
            return answer
        return result_of(self._await(answer, deadline))

    def submit(
        self,
        program: str | SubmissionRequest | None = None,
        *,
        wait: float = 0.0,
        idempotency_key: str | None = None,
        **fields: Unpack[SubmissionFields],
    ) -> SubmissionState:
        """Hands in a program that is to be judged, and waits at most so many seconds for its verdict.

        The same `idempotency_key` or the same `id` is the same submission, however often it is sent.
        """
        request = request_of(program, fields, idempotency_key)
        with noted([request]):
            return self._send(_calls.submit(request, wait, idempotency_key))

    def judge(
        self,
        program: str | SubmissionRequest | None = None,
        *,
        timeout: float = 600.0,
        idempotency_key: str | None = None,
        **fields: Unpack[SubmissionFields],
    ) -> Judgement:
        """Hands in a program, and waits for its verdict."""
        deadline = Deadline(timeout)
        request = request_of(program, fields, idempotency_key)
        return judgement_of(self._judged(request, deadline, idempotency_key))

    def grade(
        self,
        program: str,
        *,
        calls: Sequence[Mapping[str, Any]] | None = None,
        timeout: float = 600.0,
        **fields: Unpack[SubmissionFields],
    ) -> Judgement:
        """Grades functions and classes of a program, by calls, `asserts` or `pytest`, and waits for the verdict."""
        if calls is not None:
            fields["tests"] = calls
        return self.judge(program, timeout=timeout, **fields)

    def submit_many(self, requests: Iterable[SubmissionRequest]) -> list[SubmissionState | RefusedError]:
        """Hands in many submissions with few calls; one that is refused keeps none of the others back.

        An error of a whole call has `submitted`, what became of those before it, and `requests`, which can be handed in
        again: each has an id, and is judged once.
        """
        found: list[SubmissionState | RefusedError] = []
        sent = [named(request) for request in requests]
        with noted(sent, found):
            left = _calls.chunks(sent, CHUNK, CHUNK_BYTES)
            while left:
                chunk = left.pop(0)
                try:
                    found += _calls.entries(self.url, chunk, self._send(_calls.submit_many(chunk)))
                except TooLargeError:
                    if len(chunk) == 1:
                        raise
                    # The site may have fewer in flight at once, or the service takes fewer in one call.
                    left = _calls.pieces([chunk, *left], (len(chunk) + 1) // 2)
        return found

    def batch(
        self, requests: Iterable[SubmissionRequest], *, concurrency: int = 16, timeout: float = 600.0
    ) -> Iterator[BatchItem]:
        """Has many programs judged, so many at once, and gives each one when it has its verdict.

        The requests are taken as they are needed. An error of one submission is in its item; what concerns all of them,
        such as a service that is away, is raised. When the loop is left, those that were handed in are judged all the
        same, and nobody waits for them.
        """
        check_concurrency(concurrency)
        numbered, abandoned = enumerate(requests), threading.Event()
        try:
            running: set[Future[BatchItem]] = set()
            while True:
                for index, request in islice(numbered, concurrency - len(running)):
                    deadline = Deadline(timeout, abandoned)
                    running.add(in_thread(partial(self._item, index, named(request), deadline)))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            abandoned.set()

    def wait(self, submission: Submission, *, timeout: float = 600.0) -> SubmissionState:
        """Waits until a submission has ended."""
        deadline = Deadline(timeout)
        return self._await(self._send(_calls.look(submission, deadline.slice()), deadline), deadline)

    def submission(self, submission: Submission) -> SubmissionState:
        """How far a submission has come."""
        return self._send(_calls.look(submission))

    def submissions(self, **wanted: Unpack[SubmissionFilter]) -> Iterator[SubmissionSummary]:
        """The submissions that the site may see, the newest first; pages are asked for as they are needed.

        An example is `submissions(problem="sum", metadata={"user": "ada"})`.
        """
        cursor: str | None = None
        while True:
            page = self._send(_calls.submissions(wanted, cursor))
            yield from page.submissions
            cursor = page.next
            if cursor is None:
                return

    def stream(self, submission: Submission) -> Iterator[Event]:
        """What happens to a submission, while it happens; the last event is its answer.

        Where the connection is lost, the stream goes on over another one. Progress is advice: a submission that is
        tried again begins anew.
        """
        position, failures = Position(submission), Failures(self._retries)
        while not position.ended:
            try:
                with closing(self._events(position)) as events:
                    for event in events:
                        failures.reset()
                        yield event
                error = position.lost(self.url)
            except _calls.LOST as cause:
                error = position.lost(self.url, cause)
            except AssizeError as refusal:
                error = refusal
            if not position.ended:
                time.sleep(failures.pause(error))

    def cancel(self, submission: Submission, reason: str | None = None) -> SubmissionState:
        """Cancels a submission; one that has its answer keeps it."""
        return self._send(_calls.cancel(submission, reason))

    def rejudge(self, submission: Submission, *, idempotency_key: str | None = None) -> RejudgeAccepted:
        """Has a submission judged once more; the new verdict names the request."""
        return self._send(_calls.rejudge(submission, idempotency_key or str(uuid4())))

    def rejudge_problem(
        self,
        name: str,
        *,
        limit: int | None = None,
        idempotency_key: str | None = None,
        **wanted: Unpack[SubmissionFilter],
    ) -> ProblemRejudgeAccepted:
        """Has what was handed in for a problem judged once more, such as `rejudge_problem("sum", verdict="WA")`.

        It is asked for in pages of `limit` submissions (100 where nothing is said), which are no more than the site may
        have in flight. Where some of a page cannot be sent, it is sent again, as often as a request that fails
        (`Retries`); `not_sent` names those that could not be sent even so. The same `idempotency_key` is the same
        request: with one that is given here, a call that was interrupted, or that has left some unsent, can be made
        again, and sends those only.
        """
        key, cursor, total = idempotency_key or str(uuid4()), None, None
        while True:
            page = self._send_page(_calls.rejudge_problem(name, wanted, (cursor, limit), key))
            total, cursor = _calls.rejudged(total, page), page.next
            if cursor is None:
                return total

    def languages(self) -> list[LanguageInfo]:
        """The languages of the service."""
        return self._send(_calls.languages())

    def problems(self) -> list[str]:
        """The ids of the problems of the service."""
        return self._send(_calls.problems()).problems

    def problem(self, name: str) -> ProblemInfo:
        """What is known of a problem."""
        return self._send(_calls.problem(name))

    def put_problem(self, name: str, archive: bytes, *, timeout: float = 600.0) -> KeptProblem:
        """Keeps a package, as a zip archive, as the newest revision of a problem.

        A large one takes the service a while to unpack and to read, behind those before it: it may be silent for
        `timeout` seconds meanwhile.
        """
        return self._send(_calls.put_problem(name, archive, timeout))

    def status(self) -> ServiceStatus:
        """How busy the service is."""
        return self._send(_calls.status())

    verify_webhook = staticmethod(verify_webhook)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Closes the connections at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the connections."""
        self.close()

    def _send(self, call: Call[T], deadline: Deadline | None = None) -> T:
        deadline = deadline or Deadline()
        failures, pause = Failures(self._retries, deadline.left()), 0.0
        while True:
            deadline.sleep(pause)
            try:
                return self._once(call)
            except AssizeError as error:
                pause = failures.pause(error)
            call = call.once_more(deadline.left() - pause)

    def _send_page(self, call: Call[ProblemRejudgeAccepted]) -> ProblemRejudgeAccepted:
        page, failures, asked = self._send(call), Failures(self._retries), 0.0
        while page.not_sent and (pause := failures.next_pause(asked)) is not None:
            time.sleep(pause)
            try:
                page, asked = _calls.sent_again(page, self._once(call)), 0.0
            except AssizeError as error:
                if not error.is_temporary:
                    raise
                asked = error.retry_after or 0.0
        return page

    def _once(self, call: Call[T]) -> T:
        request = call.request(self._http, self._timeout)
        try:
            response = self._http.send(request)
        except _calls.LOST as cause:
            raise UnreachableError(self.url, cause) from cause
        return call.read(response)

    def _judged(
        self, request: SubmissionRequest, deadline: Deadline, idempotency_key: str | None = None
    ) -> SubmissionState:
        call = _calls.submit(request, deadline.slice(), idempotency_key)
        with noted([request]):
            return self._await(self._send(call, deadline), deadline)

    def _await(self, state: SubmissionState, deadline: Deadline) -> SubmissionState:
        while not state.ended:
            deadline.sleep(deadline.pause(state))
            state = self._send(_calls.look(state, deadline.slice()), deadline)
        return state

    def _events(self, position: Position) -> Generator[Event, None, None]:
        """What comes over one connection."""
        timeout = _calls.patience(self._timeout, SILENCE)
        with self._http.stream("GET", position.path, headers=position.headers(), timeout=timeout) as response:
            if not _calls.is_stream(response):
                response.read()
                raise _calls.error_of(response)
            # Events are UTF-8, whichever charset is named.
            response.encoding = "utf-8"
            for raw in EventSource(response).iter_sse():
                event = position.read(raw)
                if event is not None:
                    yield event
                if position.ended:
                    return

    def _item(self, index: int, request: SubmissionRequest, deadline: Deadline) -> BatchItem:
        try:
            state = self._judged(request, deadline)
        except CONCERNS_ALL:
            raise
        except AssizeError as error:
            return BatchItem(index, request, error=error)
        return BatchItem.ended(index, request, state)
