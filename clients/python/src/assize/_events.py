"""What happens to a submission, while it happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assize._calls import EXCERPT, Submission, path_of
from assize.errors import AssizeError, UnexpectedAnswerError, UnreachableError
from assize.models import Judgement, Progress, Rejection, RunResult, SubmissionState

if TYPE_CHECKING:
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
        kind = _KINDS.get(event.event)
        try:
            read = kind.model_validate_json(event.data) if kind else None
        except ValidationError as error:
            raise UnexpectedAnswerError(self.path, 200, event.data[:EXCERPT]) from error
        # Others cannot be sent back in a header.
        self._last_id = event.id if re.fullmatch("[!-~]+", event.id) else self._last_id
        self.ended = event.event in _ENDS
        return read

    def lost(self, url: str, cause: Exception | None = None) -> AssizeError:
        """The connection ended before the answer came."""
        return UnreachableError(url, cause or "the stream ended before the answer came")
