"""Signed messages."""

from __future__ import annotations

import hmac
import json
import math
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from conftest import REPOSITORY
from standardwebhooks.webhooks import Webhook as Signer

from assize import Assize, AsyncAssize, Judgement, verify_webhook
from assize.errors import WebhookError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
JUDGEMENT = json.loads((REPOSITORY / "docs" / "examples" / "verdict.json").read_text())
STATE = {"id": JUDGEMENT["id"], "state": "done", "finished": 3, "verdict": JUDGEMENT}
VERDICT = json.dumps({"type": "submission.done", "timestamp": JUDGEMENT["judged_at"], "data": STATE})


def signed(body: str, *, secret: str = SECRET, age: float = 0.0, name: str = "msg_1") -> dict[str, str]:
    """Headers by the specification's own library."""
    sent = datetime.now(timezone.utc) - timedelta(seconds=age)
    signature = Signer(secret).sign(msg_id=name, timestamp=sent, data=body)
    return {"Webhook-Id": name, "webhook-timestamp": str(int(sent.timestamp())), "webhook-signature": signature}


@pytest.mark.parametrize("verify", [verify_webhook, Assize.verify_webhook, AsyncAssize.verify_webhook])
def test_a_signed_verdict_is_read(verify: Callable[..., object]) -> None:
    assert verify is verify_webhook
    webhook = verify_webhook(VERDICT.encode(), signed(VERDICT), SECRET)
    assert (webhook.id, webhook.document) == ("msg_1", json.loads(VERDICT))
    assert isinstance(webhook.answer, Judgement)
    assert verify_webhook('{"type": "ping"}', signed('{"type": "ping"}'), SECRET).answer is None
    with pytest.raises(WebhookError, match="shows none"):
        _ = verify_webhook('{"type": "submission.done"}', signed('{"type": "submission.done"}'), SECRET).answer


def test_secrets_and_signatures_can_be_exchanged() -> None:
    new = "whsec_" + b64encode(b"n" * 24).decode()
    both = signed(VERDICT)
    both["webhook-signature"] += " v1a,abc " + signed(VERDICT, secret=new)["webhook-signature"]
    assert verify_webhook(VERDICT, both, new)
    assert verify_webhook(VERDICT, signed(VERDICT), [new, SECRET])


def test_the_example_of_the_specification_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1614265330.0)
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verify_webhook('{"test": 2432232314}', headers, SECRET).document == {"test": 2432232314}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"webhook-signature": ""}, "no webhook-signature"),
        ({"webhook-signature": "v1,AAAA"}, "not signed with this secret"),
        ({"webhook-signature": "v2,AAAA nonsense"}, "not signed with this secret"),
        ({"webhook-timestamp": "1"}, "Is the clock right"),
        ({"webhook-timestamp": "soon"}, "no number"),
        ({"webhook-timestamp": "9" * 11}, "Is the clock right"),
        ({"webhook-timestamp": "9" * 12}, "no number"),
        ({"webhook-timestamp": "9" * 400}, "no number"),
        ({"webhook-timestamp": "9" * 5000}, "no number"),
        ({"webhook-signature": "v1,\ud800"}, "not signed with this secret"),
        ({"Webhook-Id": "msg_\ud800"}, "webhook-id has characters"),
        ({"Webhook-Id": "msg_2"}, "not signed with this secret"),
    ],
)
def test_a_forged_message_is_refused(change: dict[str, str], says: str) -> None:
    with pytest.raises(WebhookError, match=says):
        verify_webhook(VERDICT, {**signed(VERDICT), **change}, SECRET)


def test_a_message_that_was_changed_or_is_old_is_refused() -> None:
    with pytest.raises(WebhookError, match="not signed"):
        verify_webhook(VERDICT + " ", signed(VERDICT), SECRET)
    with pytest.raises(WebhookError, match=r"sent 30\d s ago"):
        verify_webhook(VERDICT, signed(VERDICT, age=301), SECRET)
    with pytest.raises(WebhookError, match="Is the clock right"):
        verify_webhook(VERDICT, signed(VERDICT, age=-400), SECRET)
    with pytest.raises(WebhookError, match="base64"):
        verify_webhook(VERDICT, signed(VERDICT), "whsec_?")
    with pytest.raises(WebhookError, match="the body has characters"):
        verify_webhook("\ud800", signed(VERDICT), SECRET)
    for body in ("[]", "{", "[" * 100_000):
        with pytest.raises(WebhookError, match="no JSON"):
            verify_webhook(body, signed(body), SECRET)


@pytest.mark.parametrize("secret", ["", " ", "whsec_", " whsec_\n"])
def test_an_empty_secret_verifies_nothing(secret: str) -> None:
    sent = str(int(datetime.now(timezone.utc).timestamp()))
    signature = b64encode(hmac.digest(b"", f"msg_1.{sent}.{VERDICT}".encode(), "sha256")).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": sent, "webhook-signature": f"v1,{signature}"}
    for secrets in (secret, [secret], [SECRET, secret]):
        with pytest.raises(WebhookError, match="the secret is empty"):
            verify_webhook(VERDICT, headers, secrets)


def test_a_secret_that_is_no_ascii_is_told() -> None:
    with pytest.raises(WebhookError, match="base64"):
        verify_webhook(VERDICT, signed(VERDICT), "whsec_\u00e9")


def test_a_time_of_the_holder_of_the_secret_can_be_shown_however_old_it_may_be() -> None:
    for number in ("0", "9" * 11):
        signature = Signer(SECRET).sign("msg_1", datetime.fromtimestamp(int(number), timezone.utc), VERDICT)
        headers = {"webhook-id": "msg_1", "webhook-timestamp": number, "webhook-signature": signature}
        webhook = verify_webhook(VERDICT, headers, SECRET, tolerance=math.inf)
        assert int(webhook.sent_at.timestamp()) == int(number)
