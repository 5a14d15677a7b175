"""What happens to a submission, while it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from assize._calls import Submission, path_of
from assize.errors import AssizeError, UnexpectedAnswerError, UnreachableError
from assize.models import Judgement, Progress, Rejection, RunResult, SubmissionState

if TYPE_CHECKING:
    import httpx
    from httpx_sse import ServerSentEvent

Event = SubmissionState | Progress | Judgement | RunResult | Rejection

# The service sends something each 15 seconds.
SILENCE = 45.0
_KINDS: dict[str, type[Event]] = {
    "state": SubmissionState,
    "progress": Progress,
    "verdict": Judgement,
    "result": RunResult,
    "rejection": Rejection,
}
_ENDS = ("verdict", "result", "rejection")


class Position:
    """How much of a stream was read, so that it is read on over another connection."""

    def __init__(self, submission: Submission) -> None:
        """Begins at the beginning."""
        self.path = f"{path_of(submission)}/events"
        self.ended = False
        self._last_id = ""

    def headers(self) -> dict[str, str]:
        """What the service needs to go on."""
        resumed = {"last-event-id": self._last_id} if self._last_id else {}
        return {"accept": "text/event-stream", **resumed}

    def read(self, event: ServerSentEvent) -> Event | None:
        """The event; None for one that only a newer service knows."""
        self._last_id = event.id or self._last_id
        self.ended = event.event in _ENDS
        kind = _KINDS.get(event.event)
        try:
            return kind.model_validate_json(event.data) if kind else None
        except ValidationError as error:
            raise UnexpectedAnswerError(self.path, 200, event.data[:200]) from error

    def lost(self, url: str, cause: httpx.RequestError | None = None) -> AssizeError:
        """The connection ended before the answer came."""
        return UnreachableError(url, cause or "the stream ended before the answer came")
