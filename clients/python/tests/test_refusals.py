"""What the service does not serve."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from conftest import Guarded
from pydantic import ValidationError

from assize import Assize, AssizeError, AsyncAssize, Retries, errors, submission


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda client: client.run("1", language="cobol"), errors.UnknownLanguageError, "languages() lists"),
        (lambda client: client.judge("1", problem="none"), errors.UnknownProblemError, "problems() lists"),
        (lambda client: client.run("1", files={"../x": "1"}), errors.BadRequestError, "source"),
        (lambda client: client.run(files={"../x": "1"}), errors.BadRequestError, "files[0].name"),
        (lambda client: client.judge("1"), errors.BadRequestError, "problem"),
        (lambda client: client.submit("1", problem="sum", idempotency_key="x" * 300), errors.BadRequestError, "255"),
        (lambda client: client.judge("#" * 20_000_000, problem="sum"), errors.TooLargeError, "send less"),
        (lambda client: client.submit("1", problem="sum", callback_url="http://a"), errors.BadRequestError, "allows"),
        (lambda client: client.wait(uuid4()), errors.NotFoundError, "forgets"),
        (lambda client: list(client.stream(uuid4())), errors.NotFoundError, "forgets"),
        (lambda client: client.cancel("no-uuid"), errors.BadRequestError, "UUID parsing failed"),
        (lambda client: client.problem("../status"), errors.NotFoundError, "../status"),
    ],
)
def test_a_refusal_says_what_to_do(
    client: Assize, call: Callable[[Assize], object], kind: type[AssizeError], says: str
) -> None:
    with pytest.raises(kind) as caught:
        call(client)
    assert says in str(caught.value)


def test_what_cannot_be_a_request_is_not_sent(client: Assize) -> None:
    with pytest.raises(ValidationError, match="probelm"):
        client.judge("1", probelm="sum")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="problem: give it to submission"):
        client.judge(submission("1", problem="sum"), problem="sum")


def test_a_token_allows_what_its_scopes_say(guarded: Guarded, make: Callable[..., Assize]) -> None:
    ada = make(guarded.url, guarded.tokens["ada"])
    eve = make(guarded.url, guarded.tokens["eve"] + "\n")
    state = ada.submit("print(1)", tests=[("", "1")])
    assert ada.wait(state).verdict
    with pytest.raises(errors.NotFoundError):
        eve.submission(state)
    with pytest.raises(errors.ForbiddenError, match="scope"):
        eve.run("print(1)")
    for stranger in (make(guarded.url), make(guarded.url, "assize_none")):
        with pytest.raises(errors.UnauthorizedError, match="assize token new"):
            stranger.status()


@pytest.mark.parametrize(
    ("url", "token", "says"),
    [
        ("127.0.0.1:8751", None, "write one such as http://127.0.0.1:8751"),
        ("ftp://host", None, "no address"),
        ("http://", None, "no address"),
        (None, "top\nsecret", "characters"),
        (None, "tópsecret", "characters"),
    ],
)
def test_what_cannot_be_an_address_or_a_token_is_refused(url: str | None, token: str | None, says: str) -> None:
    for kind in (Assize, AsyncAssize):
        with pytest.raises(errors.AddressError, match=says) as caught:
            kind(url, token)
        assert "secret" not in str(caught.value)


def test_the_address_and_the_token_come_from_the_environment(
    guarded: Guarded, make: Callable[..., Assize], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIZE_URL", guarded.url)
    monkeypatch.setenv("ASSIZE_TOKEN", guarded.tokens["eve"])
    assert make().status().standalone


def test_a_quota_is_waited_for(guarded: Guarded, make: Callable[..., Assize]) -> None:
    impatient = make(guarded.url, retries=Retries(attempts=1))
    token = guarded.tokens[f"often-{type(impatient).__name__}"]
    impatient, patient = make(guarded.url, token, retries=Retries(attempts=1)), make(guarded.url, token)
    with pytest.raises(errors.TooManyRequestsError, match="requests a second") as caught:
        for _ in range(100):
            impatient.status()
    assert caught.value.retry_after
    for _ in range(2):
        assert patient.status().standalone


@pytest.fixture
def stranger() -> Iterator[str]:
    """A web server that is not the service."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(502 if self.path == "/v1/problems" else 200)
            self.end_headers()
            self.wfile.write(b"<h1>It works!</h1>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_program_at_the_address_is_told_from_the_service(stranger: str, make: Callable[..., Assize]) -> None:
    client = make(stranger, retries=Retries(attempts=3, first_pause=0.01))
    with pytest.raises(errors.UnexpectedAnswerError, match="It works!"):
        client.status()
    with pytest.raises(errors.GatewayError, match="proxies"):
        client.problems()
    with pytest.raises(errors.UnexpectedAnswerError, match="It works!"):
        list(client.stream(uuid4()))
