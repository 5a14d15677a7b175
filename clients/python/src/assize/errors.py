"""What can go wrong. Each message says what was wrong, and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from assize.models import ErrorDocument, Rejection, SubmissionRequest, SubmissionState

_START = "start one with `make serve`, or name another with Assize(url) or ASSIZE_URL"
_ADVICE = {
    "unauthorized": "give a token with Assize(url, token) or ASSIZE_TOKEN; `assize token new` makes one",
    "forbidden": "use a token with the scope that is missing; `assize token new SITE --scope SCOPE` makes one",
    "not_found": "look at the id; a standalone service forgets all submissions when it ends",
    "id_conflict": "draw a new id, or give a new idempotency_key, for each program that differs",
    "too_large": "send less at once, or have the operator raise that setting",
    "unknown_language": "languages() lists the languages",
    "unknown_problem": "problems() lists the problems",
    "unknown_test_set": "test_sets.put(tests) uploads it, and gives its name",
    "cannot_keep": "look at what it says; removing what is not needed makes room for test sets",
    "callback_url": "give an address that the service may call; its setting serve.callback_key_file allows callbacks",
    "too_many_requests": "send less often or with a smaller concurrency, or have the operator raise the quota",
    "busy": "try again later, with a smaller concurrency",
    "unavailable": "try again later; /readyz of the service says what is away",
    "host": "call it localhost or 127.0.0.1, or have the operator set up tokens",
    "method": "look at the URL: does it lead to the service, without a path?",
    "media_type": "look at the URL: does it lead to the service, and does a proxy change requests?",
}


class AssizeError(Exception):
    """What this package raises."""

    is_temporary: ClassVar[bool] = False
    """The same request may be served a little later."""

    retry_after: float | None = None
    """Seconds after which the service wants to be asked again."""

    requests: Sequence[SubmissionRequest] = ()
    """What was being handed in, with ids: it may have come in, and is judged once when it is handed in again."""

    submitted: Sequence[SubmissionState | RefusedError] = ()
    """What became of the first ones of `requests`, where `submit_many` had handed in some before the error."""


class AddressError(AssizeError, ValueError):
    """The address or the token cannot be one."""


class UnreachableError(AssizeError):
    """The service did not answer, or the connection was lost."""

    is_temporary = True

    def __init__(self, url: str, cause: Exception | str) -> None:
        """Names the service and what happened."""
        name = cause if isinstance(cause, str) else f"{type(cause).__name__}: {cause}".removesuffix(": ")
        super().__init__(f"no answer from {url} ({name}). Does the service run there? If there is none, {_START}.")


class UnexpectedAnswerError(AssizeError):
    """The answer is none that the service gives; something else listens there."""

    def __init__(self, url: str, status: int, excerpt: str) -> None:
        """Names what was asked and shows the beginning of the answer."""
        self.status = status
        super().__init__(
            f"{url} answered with status {status}, and not as Assize does: {excerpt!r}. Look at the URL and at the "
            "proxies before the service."
        )


class GatewayError(UnexpectedAnswerError):
    """A proxy before the service says that the service is away."""

    is_temporary = True


class RefusedError(AssizeError):
    """The service does not serve a request, and says why. Its subclasses are kinds of reasons."""

    def __init__(self, document: ErrorDocument, retry_after: float | None = None) -> None:
        """Takes what the service says."""
        self.status = document.status
        self.code = document.code
        """Kind of the mistake, for programs."""
        self.field = document.field
        """Path of the offending field."""
        self.detail = document.detail
        self.id: UUID | None = document.id
        """The submission, where it is about one."""
        self.retry_after = retry_after
        place = f" ({self.field})" if self.field else ""
        advice = _ADVICE.get(self.code)
        super().__init__(f"{self.code}{place}: {self.detail}" + (f". What to do: {advice}." if advice else ""))


class BadRequestError(RefusedError):
    """The request is wrong; `field` says where."""


class RequestTimeoutError(RefusedError):
    """The body did not reach the service in time."""

    is_temporary = True


class UnauthorizedError(RefusedError):
    """The service knows no such token."""


class ForbiddenError(RefusedError):
    """The token does not allow this."""


class NotFoundError(RefusedError):
    """There is no such submission or problem, or it is another site's."""


class ConflictError(RefusedError):
    """Another submission has this id."""


class TooLargeError(RefusedError):
    """A cap was exceeded."""


class UnknownLanguageError(RefusedError):
    """Nothing there runs this language."""


class UnknownProblemError(RefusedError):
    """Nothing there knows this problem, or not in this revision."""


class UnknownTestSetError(RefusedError):
    """The site has uploaded no such test set, or it is not kept any longer."""


class TooManyRequestsError(RefusedError):
    """A quota of the site was used up."""

    is_temporary = True


class UnavailableError(RefusedError):
    """Too many submissions wait, or what the service needs is away."""

    is_temporary = True


class RejectedError(AssizeError):
    """A submission was accepted, and then found to be one that cannot be judged."""

    def __init__(self, rejection: Rejection) -> None:
        """Takes what the judge says."""
        self.rejection = rejection
        place = f" ({rejection.field})" if rejection.field else ""
        super().__init__(f"submission {rejection.id} was rejected: {rejection.code}{place}: {rejection.reason}")


class AnswerTimeoutError(AssizeError):
    """A submission had no answer in time. It is judged all the same."""

    def __init__(self, state: SubmissionState, seconds: float) -> None:
        """Takes how far it had come."""
        self.state = state
        super().__init__(
            f"submission {state.id} has no answer after {seconds:g} s (it is {state.state}). It is judged all the "
            f'same: wait("{state.id}") waits on, cancel("{state.id}") gives it up.'
        )


class WebhookError(AssizeError):
    """A message is not one that the holder of the secret has sent lately. Answer it with status 400."""


_BY_CODE: dict[str, type[RefusedError]] = {
    "unknown_language": UnknownLanguageError,
    "unknown_problem": UnknownProblemError,
    "unknown_test_set": UnknownTestSetError,
}
_BY_STATUS: dict[int, type[RefusedError]] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    408: RequestTimeoutError,
    409: ConflictError,
    413: TooLargeError,
    429: TooManyRequestsError,
    503: UnavailableError,
}


def refused(document: ErrorDocument, retry_after: float | None = None) -> RefusedError:
    """The error for what the service says."""
    kind: Any = _BY_CODE.get(document.code) or _BY_STATUS.get(document.status, BadRequestError)
    error: RefusedError = kind(document, retry_after)
    return error


@contextmanager
def noted(
    requests: Sequence[SubmissionRequest], submitted: Sequence[SubmissionState | RefusedError] = ()
) -> Iterator[None]:
    """Says in errors what was being handed in: callers do not know the ids that were drawn for it."""
    try:
        yield
    except AssizeError as error:
        error.requests, error.submitted = requests, submitted
        raise
