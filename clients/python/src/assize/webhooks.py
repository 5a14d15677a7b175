"""Messages signed by the Standard Webhooks specification (https://www.standardwebhooks.com)."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assize.errors import WebhookError
from assize.models import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assize.models import Judgement, Rejection, RunResult

PREFIX = "whsec_"
# Of a time in seconds: it is before the year 5139, which a datetime can be.
MOST_DIGITS = 11


@dataclass(frozen=True)
class Webhook:
    """A message that the holder of the secret has sent."""

    id: str
    """The same whenever the same message comes again: keep it, and act on each id once."""

    sent_at: datetime
    """When it was sent."""

    document: dict[str, Any]
    """The message."""

    @property
    def state(self) -> SubmissionState | None:
        """The submission that has ended; None where the message is about something else."""
        if not str(self.document.get("type")).startswith("submission."):
            return None
        try:
            return SubmissionState.model_validate(self.document.get("data"))
        except ValidationError as error:
            raise WebhookError(f"the message {self.id} is about a submission, and shows none: {error}") from error

    @property
    def answer(self) -> Judgement | RunResult | Rejection | None:
        """The verdict, the result, or why there is none; None where the message is about something else."""
        return state.answer if (state := self.state) else None


def verify_webhook(
    body: bytes | str, headers: Mapping[str, str], secret: str | Sequence[str], *, tolerance: float = 300.0
) -> Webhook:
    """Reads a message, and raises `WebhookError` where it was not signed with the secret.

    Args:
        body: The body as it came, byte for byte.
        headers: The headers, of which `webhook-id`, `webhook-timestamp` and `webhook-signature` are read.
        secret: `whsec_...`; several while one takes the place of another.
        tolerance: Seconds that may lie between the time in the message and now, so that none is played again.

    """
    body = _encoded(body, "the body") if isinstance(body, str) else body
    named = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if not named.get(name)]
    if missing:
        raise WebhookError(f"the message has no {', '.join(missing)}: it is no signed webhook")
    message_id, sent = named["webhook-id"], named["webhook-timestamp"]
    _check_time(sent, tolerance)
    keys = [_key(one) for one in ([secret] if isinstance(secret, str) else secret)]
    content = _encoded(f"{message_id}.{sent}.", "webhook-id") + body
    expected = [b64encode(hmac.digest(key, content, "sha256")) for key in keys]
    signatures = _signatures(named["webhook-signature"])
    if not any(hmac.compare_digest(one, given) for one in expected for given in signatures):
        raise WebhookError(
            "the message is not signed with this secret. Is it the secret of this address, and the body as it came, "
            "not one that was parsed and written again?"
        )
    return Webhook(message_id, datetime.fromtimestamp(int(sent), timezone.utc), _document(body))


def _check_time(sent: str, tolerance: float) -> None:
    if not (sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS):
        raise WebhookError(f"webhook-timestamp is {sent[:40]!r}, which is no number of seconds")
    age = time.time() - int(sent)
    if abs(age) > tolerance:
        raise WebhookError(f"the message was sent {age:.0f} s ago, {tolerance:.0f} s are allowed. Is the clock right?")


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise WebhookError(f"the secret is not {PREFIX} and base64 behind it") from error
    # Anybody can sign with an empty key.
    if not key:
        raise WebhookError("the secret is empty; `assize token callback-secret SITE` prints it")
    return key


def _encoded(text: str, what: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise WebhookError(f"{what} has characters that no signed message has") from error


def _signatures(header: str) -> list[bytes]:
    """The signatures of the version that has a shared secret."""
    versions = (signature.partition(",") for signature in header.split())
    return [value.encode(errors="replace") for version, _, value in versions if version == "v1"]


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookError("the message is signed, and is no JSON") from error
    if not isinstance(document, dict):
        raise WebhookError("the message is signed, and is no JSON object")
    return document
