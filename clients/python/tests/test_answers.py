"""Answers that no service gives, or that cannot be read: whatever listens there, only errors of this package come."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from conftest import REPOSITORY

from assize import Assize, AssizeError, AsyncAssize, Judgement, Retries, errors, submission
from assize.models import Payload

Answer = Callable[[httpx.Request], httpx.Response]
Make = Callable[..., Assize]

ONCE = Retries(attempts=1)
JUDGEMENT = json.loads((REPOSITORY / "docs" / "examples" / "verdict.json").read_text())
REJECTION = json.loads((REPOSITORY / "docs" / "examples" / "rejection.json").read_text())
STATE = {"id": JUDGEMENT["id"], "state": "queued", "finished": 0}


def scripted(make: Make, answers: list[httpx.Response], **more: Any) -> tuple[Assize, list[httpx.Request]]:
    """A client that gets these answers, the last one again and again, and what it has asked for."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        given = answers[min(len(asked), len(answers)) - 1]
        return httpx.Response(given.status_code, headers=given.headers, content=given.content)

    return make("http://service", transport=httpx.MockTransport(answer), **more), asked


def stream_of(*events: tuple[str, str, object], charset: str = "") -> httpx.Response:
    lines = [f"event: {kind}\nid: {name}\ndata: {json.dumps(data)}\n\n" for kind, name, data in events]
    headers = {"content-type": "text/event-stream" + (f"; charset={charset}" if charset else "")}
    return httpx.Response(200, content="".join(lines).encode(), headers=headers)


@pytest.mark.parametrize("kind", ["state", "progress", "verdict", "result", "rejection"])
def test_an_event_that_cannot_be_read_does_not_end_a_stream_silently(make: Make, kind: str) -> None:
    client, asked = scripted(make, [stream_of((kind, "1", {"id": 1}))])
    with pytest.raises(errors.UnexpectedAnswerError, match="id"):
        list(client.stream(uuid4()))
    assert len(asked) == 1, "it would be the same once more"


@pytest.mark.parametrize("charset", ["hex", "idna", "latin-1", "none-such"])
def test_a_stream_is_read_whichever_charset_is_named(make: Make, charset: str) -> None:
    document = JUDGEMENT | {"message": "ü"}
    client, _ = scripted(make, [stream_of(("verdict", "1", document), charset=charset)])
    (answer,) = client.stream(uuid4())
    assert isinstance(answer, Judgement)
    assert answer.message == "ü"


@pytest.mark.parametrize(("name", "sent"), [("2.5", "2.5"), ("ü", None), ("a\x01", None), ("a b", None)])
def test_a_stream_goes_on_behind_the_last_event_whose_id_can_be_sent(make: Make, name: str, sent: str | None) -> None:
    answers = [stream_of(("state", name, STATE)), stream_of(("verdict", "", JUDGEMENT))]
    client, asked = scripted(make, answers, retries=Retries(first_pause=0.0))
    assert len(list(client.stream(uuid4()))) == 2
    assert [request.headers.get("last-event-id") for request in asked] == [None, sent]


@pytest.mark.parametrize("charset", ["hex", "idna", "none-such"])
def test_a_page_of_something_else_is_shown_whichever_charset_is_named(make: Make, charset: str) -> None:
    page = httpx.Response(500, content=b"<p>\xff</p>", headers={"content-type": f"text/html; charset={charset}"})
    client, _ = scripted(make, [page])
    for call in (client.status, lambda: list(client.stream(uuid4()))):
        with pytest.raises(errors.UnexpectedAnswerError, match="<p>"):
            call()


@pytest.mark.parametrize("address", ["http://xn--/", "http://[", "http://a:99999999", "//", "http://\x01"])
def test_a_redirect_to_no_address_is_an_error_like_others(make: Make, address: str) -> None:
    client, _ = scripted(make, [httpx.Response(302, headers={"location": address})], retries=ONCE)
    for call in (client.status, lambda: list(client.stream(uuid4()))):
        with pytest.raises((errors.UnexpectedAnswerError, errors.UnreachableError)):
            call()


def test_a_submission_of_a_batch_that_is_rejected_once_it_was_accepted_keeps_none_of_the_others_back(
    make: Make,
) -> None:
    rejected = httpx.Response(200, json={**STATE, "state": "rejected", "rejection": REJECTION})
    done = httpx.Response(200, json={**STATE, "state": "done", "verdict": JUDGEMENT})
    client, _ = scripted(make, [rejected, done])
    requests = [submission("x", problem="sum") for _ in range(3)]
    items = list(client.batch(requests, concurrency=1))
    assert [type(item.error) for item in items] == [errors.RejectedError, type(None), type(None)]
    # As the recipes of the README have it.
    told = [str(item.error or item.judgement.verdict) for item in items]
    assert told[1:] == [JUDGEMENT["verdict"]] * 2
    assert REJECTION["reason"] in told[0]
    assert items[0].state is not None
    with pytest.raises(errors.RejectedError):
        _ = items[0].judgement


YEAR = 365 * 86400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("9" * 400, YEAR),
        ("9" * 5000, YEAR),
        ("-5", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0.0),
        ("Mon, 01 Jan 0001 00:00:00 -0000", 0.0),
        ("Wed, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Wed, 01 Jan 2030 00:00:00 +99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", YEAR),
    ],
)
def test_whatever_retry_after_says_is_borne(make: Make, value: str, seconds: float | None) -> None:
    away = {"title": "away", "status": 503, "code": "unavailable", "detail": "RabbitMQ is away"}
    answer = httpx.Response(503, json=away, headers={"retry-after": value})
    client, _ = scripted(make, [answer], retries=ONCE)
    with pytest.raises(errors.UnavailableError) as caught:
        client.status()
    assert caught.value.retry_after == seconds


def test_a_date_without_a_zone_is_in_utc(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2030, 1, 1, tzinfo=timezone.utc)
    monkeypatch.setattr("assize._calls.time.time", now.timestamp)
    date = format_datetime((now + timedelta(seconds=90)).replace(tzinfo=None))
    client, _ = scripted(make, [httpx.Response(503, headers={"retry-after": date})], retries=ONCE)
    with pytest.raises(errors.GatewayError) as caught:
        client.status()
    assert caught.value.retry_after == 90.0


def test_bytes_that_are_no_base64_are_told() -> None:
    assert payload(b64encode(b"\xff").decode()).data == b"\xff"
    for read in (lambda: payload("AAA").data, lambda: str(payload("ü"))):
        with pytest.raises(AssizeError, match="no base64"):
            read()


def payload(base64: str) -> Payload:
    return Payload(base64=base64, bytes=1, truncated=False)


@pytest.mark.parametrize("url", ["http://[::1", "http://a:99999", "http://a\n", "http://ü..", "http://xn--", "a", ""])
@pytest.mark.parametrize("kind", [Assize, AsyncAssize])
def test_what_is_no_address_is_refused(
    kind: type[Assize | AsyncAssize], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ASSIZE_URL", "ftp://a")
    with pytest.raises(errors.AddressError, match="no address"):
        kind(url)


@pytest.mark.parametrize("key", ["ü", "a\nb", " a", "a b", "\ud800"])
def test_a_key_that_cannot_be_sent_is_refused_at_once(make: Make, key: str) -> None:
    client, asked = scripted(make, [httpx.Response(500)])
    for call in (
        lambda: client.submit("1", problem="sum", idempotency_key=key),
        lambda: client.rejudge(uuid4(), idempotency_key=key),
        lambda: client.rejudge_problem("sum", idempotency_key=key),
    ):
        with pytest.raises(ValueError, match="visible ASCII"):
            call()
    assert not asked


def test_no_name_leads_to_another_route(make: Make) -> None:
    client, asked = scripted(make, [httpx.Response(500)])
    for name, part in (("..", b"%2E%2E"), (".", b"%2E"), ("a/../b", b"a%2F..%2Fb")):
        calls: dict[bytes, Callable[[], object]] = {
            b"/v1/submissions/" + part: partial(client.cancel, name),
            b"/v1/problems/" + part + b"/rejudge": partial(client.rejudge_problem, name),
            b"/v1/test-sets/" + part: partial(client.test_sets.remove, name),
        }
        for path, call in calls.items():
            with pytest.raises(errors.UnexpectedAnswerError):
                call()
            assert asked[-1].url.raw_path == path
    with pytest.raises(ValueError, match="names nothing"):
        client.submission("")


MISSING = {"title": "missing", "status": 404, "code": "not_found", "detail": "there is no such test set"}


def test_a_removal_whose_answer_was_lost_is_one(make: Make) -> None:
    answers = [httpx.Response(502), httpx.Response(404, json=MISSING)]
    client, asked = scripted(make, answers, retries=Retries(first_pause=0.0))
    client.test_sets.remove("sha256:1")
    assert len(asked) == 2
    with pytest.raises(errors.NotFoundError):
        client.test_sets.remove("sha256:1")
    client, _ = scripted(make, [httpx.Response(502), httpx.Response(404)], retries=Retries(first_pause=0.0))
    with pytest.raises(errors.UnexpectedAnswerError):
        client.test_sets.remove("sha256:1")
    answers = [httpx.Response(502), httpx.Response(404, json=MISSING)]
    client, _ = scripted(make, answers, retries=Retries(first_pause=0.0))
    with pytest.raises(errors.NotFoundError):
        client.cancel(uuid4())


def test_a_client_may_wait_for_ever(make: Make) -> None:
    client, asked = scripted(make, [stream_of(("verdict", "1", JUDGEMENT))], timeout=math.inf)
    assert len(list(client.stream(uuid4()))) == 1
    with pytest.raises(errors.UnexpectedAnswerError):
        client.run("1", timeout=math.inf)
    timeouts = [request.extensions["timeout"] for request in asked]
    assert timeouts[0] == {"connect": None, "read": 45.0, "write": None, "pool": None}
    assert timeouts[1] == {"connect": None, "read": None, "write": None, "pool": None}
