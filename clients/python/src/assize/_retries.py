"""Asking again."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assize.errors import AssizeError


@dataclass(frozen=True)
class Retries:
    """How long a request is sent again that was not served because of the service, or of the way to it.

    Sending again is safe: a submission that was taken already is known by its id, and a run whose client has gone is
    cancelled.
    """

    attempts: int = 10
    """Attempts in all; 1 is never to ask again."""

    seconds: float = 60.0
    """No attempt begins later than so many seconds after the first one failed."""

    first_pause: float = 0.2
    """Longest pause behind the first attempt, in seconds. Each further one can be twice as long; they are drawn."""

    longest_pause: float = 10.0
    """Longest pause that is drawn. What the service asks for (`Retry-After`) is added to it."""


class Failures:
    """Failures in a row."""

    def __init__(self, retries: Retries, seconds: float = math.inf) -> None:
        """Begins without any; no attempt begins later than so many seconds from now."""
        self._retries = retries
        self._end = time.monotonic() + seconds
        self._count = 0
        self._since = 0.0

    def reset(self) -> None:
        """Something has worked."""
        self._count = 0

    def pause(self, error: AssizeError) -> float:
        """Seconds to wait before the next attempt; raises the error where there is none."""
        pause = self.next_pause(error.retry_after or 0.0)
        if pause is None or not error.is_temporary:
            raise error
        return pause

    def next_pause(self, asked: float = 0.0) -> float | None:
        """The same of a failure without an error, for which the service asks for so many seconds at least."""
        now = time.monotonic()
        if self._count == 0:
            self._since = now
        self._count += 1
        drawn = random.uniform(0.0, self._longest())  # noqa: S311
        pause = drawn + asked
        is_late = now + pause > min(self._since + self._retries.seconds, self._end)
        return None if self._count >= self._retries.attempts or is_late else pause

    def _longest(self) -> float:
        longest = self._retries.first_pause * 2.0 ** min(self._count - 1, 32)
        return min(longest, self._retries.longest_pause)
