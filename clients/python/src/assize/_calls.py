"""The routes of the service: what is sent, and what comes back. Nothing here waits for anything."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field, replace
from datetime import timezone
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError

from assize._requests import filter_parameters, json_of
from assize.errors import AddressError, AssizeError, GatewayError, NotFoundError, UnexpectedAnswerError, refused
from assize.models import (
    ErrorDocument,
    KeptProblem,
    LanguageInfo,
    ProblemInfo,
    ProblemList,
    ProblemRejudgeAccepted,
    RejudgeAccepted,
    RunRequest,
    RunResult,
    ServiceStatus,
    SubmissionPage,
    SubmissionRequest,
    SubmissionState,
    TestSetInfo,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assize._requests import SubmissionFilter, TestSet
    from assize.errors import RefusedError

T = TypeVar("T")
LAST_PORT = 65535
BAD_GATEWAY, GATEWAY_TIMEOUT = 502, 504
# As much of a strange answer as is shown.
EXCERPT = 200
# Seconds. A longer pause is one that nobody waits for, and that Python cannot wait for.
LONGEST_RETRY_AFTER = 365 * 86400.0
# What is raised where a request is not answered. httpx reads the address in a redirect that nobody follows, and lets
# errors in the name of its host through.
LOST = (httpx.RequestError, UnicodeError)


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request and the type of its answer."""

    answer: TypeAdapter[T]
    method: str
    path: str
    params: Mapping[str, str | float] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    wait: float = 0.0
    """Seconds for which the service may keep the answer back."""
    work: float = 0.0
    """Seconds that the service may work at the answer, where that takes long."""
    removes: bool = False
    """Whether something is not to be there any more."""
    again: bool = False
    """Whether it was sent before, and nothing is known of what came of it."""

    def request(self, client: httpx.Client | httpx.AsyncClient, timeout: float) -> httpx.Request:
        """The request, with time for the service to wait."""
        headers = {"content-type": "application/json", **self.headers} if self.body is not None else dict(self.headers)
        return client.build_request(
            self.method,
            self.path,
            params={**self.params, **({"wait": self.wait} if self.wait else {})},
            headers=headers,
            content=self.body,
            timeout=patience(timeout, timeout + self.wait + self.work),
        )

    def once_more(self, seconds: float) -> Call[T]:
        """The same request, for which the service waits no longer than so many seconds."""
        return replace(self, wait=min(self.wait, max(0.0, seconds)), again=True)

    def read(self, response: httpx.Response) -> T:
        """The answer, or the error that it tells."""
        if not response.is_success:
            error = error_of(response)
            # The answer to the request that has removed it was lost.
            if self.removes and self.again and isinstance(error, NotFoundError):
                return self.answer.validate_python(None)
            raise error
        try:
            return self.answer.validate_json(response.content or b"null")
        except ValidationError as error:
            raise _unexpected(response) from error


def patience(timeout: float, read: float) -> httpx.Timeout:
    """Seconds for what is done over a connection. Without an end they are None, for sockets know no infinity."""
    most, most_read = (None if math.isinf(seconds) else seconds for seconds in (timeout, read))
    return httpx.Timeout(most, read=most_read)


def error_of(response: httpx.Response) -> AssizeError:
    """What an answer that has been read says is wrong."""
    try:
        document = ErrorDocument.model_validate_json(response.content)
    except ValidationError:
        return _unexpected(response)
    return refused(document, _retry_after(response))


def is_stream(response: httpx.Response) -> bool:
    """Whether events come."""
    return response.is_success and response.headers.get("content-type", "").startswith("text/event-stream")


def _unexpected(response: httpx.Response) -> UnexpectedAnswerError:
    away = response.status_code in (BAD_GATEWAY, GATEWAY_TIMEOUT, httpx.codes.SERVICE_UNAVAILABLE)
    kind = GatewayError if away else UnexpectedAnswerError
    # The charset that an unknown server names may be one that httpx cannot decode.
    excerpt = response.content[: 4 * EXCERPT].decode(errors="replace")[:EXCERPT]
    error = kind(str(response.request.url), response.status_code, excerpt)
    error.retry_after = _retry_after(response)
    return error


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, or a date (RFC 9110)."""
    value = response.headers.get("retry-after", "")
    try:
        seconds = float(value) if value.isascii() and value.isdigit() else _seconds_until(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER)


def _seconds_until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    # Dates of HTTP are in UTC; one that names no zone would be taken for one of this host.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return moment.timestamp() - time.time()


_STATE = TypeAdapter(SubmissionState)
_PAGE = TypeAdapter(SubmissionPage)
_MANY: TypeAdapter[list[SubmissionState | ErrorDocument]] = TypeAdapter(list[SubmissionState | ErrorDocument])
_TEST_SET = TypeAdapter(TestSetInfo)
_RUN: TypeAdapter[RunResult | SubmissionState] = TypeAdapter(RunResult | SubmissionState)


def run(request: RunRequest, wait: float) -> Call[RunResult | SubmissionState]:
    """Runs a program; without an answer in time, says how far it has come."""
    return Call(_RUN, "POST", "/v1/run", body=json_of(request), wait=wait)


def submit(request: SubmissionRequest, wait: float, idempotency_key: str | None) -> Call[SubmissionState]:
    """Hands in a submission."""
    headers = {} if idempotency_key is None else _key_header(idempotency_key)
    return Call(_STATE, "POST", "/v1/submissions", headers=headers, body=json_of(request), wait=wait)


def submit_many(requests: Sequence[bytes]) -> Call[list[SubmissionState | ErrorDocument]]:
    """Hands in several, as JSON texts."""
    return Call(_MANY, "POST", "/v1/submissions", body=b"[" + b",".join(requests) + b"]")


def entries(
    url: str, requests: Sequence[bytes], answers: list[SubmissionState | ErrorDocument]
) -> list[SubmissionState | RefusedError]:
    """What became of each request."""
    if len(answers) != len(requests):
        raise UnexpectedAnswerError(url, httpx.codes.OK, f"{len(answers)} entries for {len(requests)} submissions")
    return [refused(answer) if isinstance(answer, ErrorDocument) else answer for answer in answers]


def look(submission: Submission, wait: float = 0.0) -> Call[SubmissionState]:
    """Asks how far a submission has come."""
    return Call(_STATE, "GET", path_of(submission), wait=wait)


def submissions(wanted: SubmissionFilter, cursor: str | None) -> Call[SubmissionPage]:
    """Asks for a page of submissions."""
    return Call(_PAGE, "GET", "/v1/submissions", params=filter_parameters(wanted, cursor))


def cancel(submission: Submission, reason: str | None) -> Call[SubmissionState]:
    """Cancels a submission."""
    return Call(_STATE, "DELETE", path_of(submission), params={} if reason is None else {"reason": reason})


def rejudge(submission: Submission, idempotency_key: str) -> Call[RejudgeAccepted]:
    """Has a submission judged once more."""
    headers = _key_header(idempotency_key)
    return Call(TypeAdapter(RejudgeAccepted), "POST", f"{path_of(submission)}/rejudge", headers=headers)


def rejudged(before: ProblemRejudgeAccepted | None, page: ProblemRejudgeAccepted) -> ProblemRejudgeAccepted:
    """What came of some pages and of one more."""
    if before is None:
        return page
    update = {
        "submissions": before.submissions + page.submissions,
        "not_kept": before.not_kept + page.not_kept,
        "not_sent": [*(before.not_sent or ()), *(page.not_sent or ())] or None,
        "not_sent_reason": page.not_sent_reason or before.not_sent_reason,
    }
    return page.model_copy(update=update)


def sent_again(before: ProblemRejudgeAccepted, again: ProblemRejudgeAccepted) -> ProblemRejudgeAccepted:
    """What came of a page of which some could not be sent, and which was sent again.

    The page may not be the same: what was handed in meanwhile has moved others off its end, and what was judged has
    left room for others. What is behind it now is therefore what goes on, so that none is left out; of those that came
    in, not all may be counted.
    """
    left = set(before.not_sent or ()) & set(again.not_sent or ())
    update = {
        "submissions": before.submissions + len(before.not_sent or ()) - len(left),
        "not_sent": [each for each in before.not_sent or () if each in left] or None,
        "not_sent_reason": again.not_sent_reason if left else None,
        "next": again.next,
    }
    return before.model_copy(update=update)


def rejudge_problem(
    name: str, wanted: SubmissionFilter, page: tuple[str | None, int | None], idempotency_key: str
) -> Call[ProblemRejudgeAccepted]:
    """Has a page of what was handed in for a problem judged once more."""
    cursor, limit = page
    params = filter_parameters(wanted, cursor)
    if limit is not None:
        params["limit"] = str(limit)
    return Call(
        TypeAdapter(ProblemRejudgeAccepted),
        "POST",
        f"/v1/problems/{_part(name)}/rejudge",
        params=params,
        headers=_key_header(idempotency_key),
    )


def _key_header(idempotency_key: str) -> dict[str, str]:
    # The service says how long one may be; others cannot be sent at all.
    if not re.fullmatch("[!-~]*", idempotency_key):
        raise ValueError(f"idempotency_key {idempotency_key!r}: it has to have 1 to 255 visible ASCII characters")
    return {"idempotency-key": idempotency_key}


def languages() -> Call[list[LanguageInfo]]:
    """Lists the languages."""
    return Call(TypeAdapter(list[LanguageInfo]), "GET", "/v1/languages")


def problems() -> Call[ProblemList]:
    """Lists the problems."""
    return Call(TypeAdapter(ProblemList), "GET", "/v1/problems")


def problem(name: str) -> Call[ProblemInfo]:
    """Asks about a problem."""
    return Call(TypeAdapter(ProblemInfo), "GET", f"/v1/problems/{_part(name)}")


def put_problem(name: str, archive: bytes, work: float) -> Call[KeptProblem]:
    """Keeps a package, which may take so many seconds."""
    headers = {"content-type": "application/zip"}
    path = f"/v1/problems/{_part(name)}"
    return Call(TypeAdapter(KeptProblem), "PUT", path, headers=headers, body=archive, work=work)


def upload_test_set(json: bytes) -> Call[TestSetInfo]:
    """Has tests kept."""
    return Call(_TEST_SET, "POST", "/v1/test-sets", body=json)


def test_set(test_set: TestSet) -> Call[TestSetInfo]:
    """Asks about a test set."""
    return Call(_TEST_SET, "GET", _path_of_test_set(test_set))


def remove_test_set(test_set: TestSet) -> Call[None]:
    """Removes a test set."""
    return Call(TypeAdapter(None), "DELETE", _path_of_test_set(test_set), removes=True)


def test_set_name(json: bytes) -> str:
    """The name that these bytes get."""
    return f"sha256:{sha256(json).hexdigest()}"


def _path_of_test_set(test_set: TestSet) -> str:
    name = test_set.test_set if isinstance(test_set, TestSetInfo) else test_set
    return f"/v1/test-sets/{_part(name, safe=':')}"


def status() -> Call[ServiceStatus]:
    """Asks how busy the service is."""
    return Call(TypeAdapter(ServiceStatus), "GET", "/v1/status")


Submission = UUID | str | SubmissionState


def path_of(submission: Submission) -> str:
    """Where a submission is."""
    name = submission.id if isinstance(submission, SubmissionState) else submission
    return f"/v1/submissions/{_part(str(name))}"


def _part(name: str, safe: str = "") -> str:
    """A part of a path. Without a name, or with dots as the name, another route of the service would be called."""
    if not name:
        raise ValueError("an empty text names nothing")
    return name.replace(".", "%2E") if name in (".", "..") else quote(name, safe=safe)


def chunks(requests: list[SubmissionRequest], most: int, most_bytes: int) -> list[list[bytes]]:
    """The requests as JSON texts, in pieces of so many, and of so many bytes where they are not a single one."""
    found: list[list[bytes]] = []
    size = 0
    for request in requests:
        text = json_of(request)
        if not found or len(found[-1]) == most or size + len(text) > most_bytes:
            found.append([])
            size = 0
        found[-1].append(text)
        size += len(text)
    return found


def pieces(chunks: list[list[bytes]], most: int) -> list[list[bytes]]:
    """The same in pieces of no more than so many."""
    return [chunk[at : at + most] for chunk in chunks for at in range(0, len(chunk), most)]


def settings(url: str, token: str | None) -> dict[str, Any]:
    """What the clients of httpx have in common."""
    try:
        address = httpx.URL(url)
        is_one = address.scheme in ("http", "https") and address.host and (address.port or 0) <= LAST_PORT
    except (httpx.InvalidURL, UnicodeError):
        is_one = False
    if not is_one:
        raise AddressError(f"{url!r} is no address of a service; write one such as http://127.0.0.1:8751")
    headers = {"accept": "application/json, application/problem+json"}
    if token := (token or "").strip():
        # A header that cannot be sent would be shown in an error, and so would the token.
        if not re.fullmatch(r"[!-~]+", token):
            raise AddressError("the token has characters that no token has; give it as `assize token new` printed it")
        headers["authorization"] = f"Bearer {token}"
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    return {"base_url": url.rstrip("/"), "headers": headers, "limits": limits}
