"""A service that goes away, and connections that are lost."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from conftest import Service, free_port

from assize import Assize, Progress, Retries, errors, submission

SUM = "print(sum(map(int, input().split())))"


class Proxy:
    """Loses each of its first connections when so many bytes of answers have come."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        self._port, self._cuts = port, cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                cut = self._cuts[self.connections] if self.connections < len(self._cuts) else None
                self.connections += 1
                threading.Thread(target=self._serve, args=(client, cut), daemon=True).start()

    def _serve(self, client: socket.socket, cut: int | None) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as service:
            threading.Thread(target=copy, args=(client, service, None), daemon=True).start()
            copy(service, client, cut)


def copy(source: socket.socket, target: socket.socket, most: int | None) -> None:
    with suppress(OSError):
        while (most is None or most > 0) and (piece := source.recv(65536 if most is None else min(most, 65536))):
            target.sendall(piece)
            most = None if most is None else most - len(piece)
        if most == 0:
            # What the client sees is a reset connection, not an answer that has ended.
            source.recv(1)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(service: Service) -> Iterator[Callable[[list[int]], Proxy]]:
    made: list[Proxy] = []

    def one(cuts: list[int]) -> Proxy:
        made.append(Proxy(service.port, cuts))
        return made[-1]

    yield one
    for each in made:
        each.close()


def test_an_answer_that_was_lost_is_asked_for_again(
    make: Callable[..., Assize], service: Service, proxy: Callable[[list[int]], Proxy]
) -> None:
    way = proxy([1, 20, 200])
    client = make(way.url)
    state = client.submit(SUM, problem="sum", metadata={"name": str(uuid4())})
    assert way.connections == 4
    assert make(service.url).wait(state).verdict
    assert client.run("print(1)").stdout == "1\n"


def test_a_stream_goes_on_where_it_was_cut(
    make: Callable[..., Assize], service: Service, proxy: Callable[[list[int]], Proxy]
) -> None:
    state = make(service.url).submit(SUM, problem="sum", wait=30)
    assert state.verdict
    way = proxy([700, 1200, 900, 10])
    events = list(make(way.url).stream(state))
    assert way.connections == 5
    assert events[-1] == state.verdict
    progress = [event.finished for event in events if isinstance(event, Progress)]
    assert progress == list(range(1, len(state.verdict.tests) + 1))


def test_a_service_that_returns_is_waited_for(make: Callable[..., Assize], mortal: Service) -> None:
    client = make(mortal.url)
    assert client.judge(SUM, problem="sum").accepted
    mortal.stop(at_once=True)
    returning = threading.Timer(0.5, mortal.start)
    returning.start()
    items = list(client.batch(submission(SUM, problem="sum") for _ in range(3)))
    returning.join()
    assert [item.judgement.verdict for item in items] == ["AC"] * 3


def test_what_a_standalone_service_has_forgotten_is_said(make: Callable[..., Assize], mortal: Service) -> None:
    client = make(mortal.url)
    state = client.submit("import time; time.sleep(60)", tests=[("", "")])
    stream = client.stream(state)
    next(stream)
    mortal.stop(at_once=True)
    mortal.start()
    with pytest.raises(errors.NotFoundError, match="forgets"):
        list(stream)
    with pytest.raises(errors.NotFoundError, match="forgets"):
        client.wait(state)


def test_a_service_that_stays_away_is_given_up(make: Callable[..., Assize]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    client = make(url, retries=Retries(attempts=3, first_pause=0.01))
    for call in (
        lambda: client.run("print(1)"),
        lambda: list(client.stream(uuid4())),
        lambda: list(client.batch([submission("print(1)", problem="sum")])),
    ):
        with pytest.raises(errors.UnreachableError, match="make serve"):
            call()
    with pytest.raises(errors.UnreachableError):
        make(url).wait(uuid4(), timeout=0.5)


class Scripted(ThreadingHTTPServer):
    """Answers one request after the other as it was told to, and the last answer again and again."""

    daemon_threads = True

    def __init__(self, answers: list[tuple[int, dict[str, Any]]]) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedAnswer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers = answers
        self.asked: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class ScriptedAnswer(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        self.server.asked.append((self.path, self.headers["idempotency-key"]))
        status, document = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def scripted() -> Iterator[Callable[[list[tuple[int, dict[str, Any]]]], Scripted]]:
    made: list[Scripted] = []

    def one(answers: list[tuple[int, dict[str, Any]]]) -> Scripted:
        made.append(Scripted(answers))
        return made[-1]

    yield one
    for each in made:
        each.shutdown()
        each.server_close()


AWAY = {"title": "away", "status": 503, "code": "unavailable", "detail": "RabbitMQ is away"}


def page(submissions: int, *not_sent: UUID, **more: str) -> tuple[int, dict[str, Any]]:
    document: dict[str, Any] = {"problem": "sum", "rejudge": str(uuid4()), "submissions": submissions, "not_kept": 0}
    if not_sent:
        document |= {"not_sent": [str(each) for each in not_sent], "not_sent_reason": "it is being sent"}
    return 202, document | more


def test_a_page_of_which_some_could_not_be_sent_is_sent_again_as_the_same_request(
    make: Callable[..., Assize], scripted: Callable[[list[tuple[int, dict[str, Any]]]], Scripted]
) -> None:
    first, second = uuid4(), uuid4()
    answers = [page(1, first, second, next="2"), (503, AWAY), page(2, second, next="2"), page(3, next="2"), page(1)]
    service = scripted(answers)
    total = make(service.url, retries=Retries(first_pause=0.01)).rejudge_problem("sum", limit=3)
    assert (total.submissions, total.not_sent, total.not_sent_reason) == (4, None, None)
    paths = [path for path, _ in service.asked]
    assert ["cursor=2" in path for path in paths] == [False] * 4 + [True]
    assert len(set(service.asked[:4])) == 1, "the same call with the same key"


def test_what_cannot_be_sent_for_long_is_told(
    make: Callable[..., Assize], scripted: Callable[[list[tuple[int, dict[str, Any]]]], Scripted]
) -> None:
    left = uuid4()
    service = scripted([page(2, left)])
    total = make(service.url, retries=Retries(attempts=4, first_pause=0.01)).rejudge_problem("sum", limit=3)
    assert (total.submissions, total.not_sent, total.not_sent_reason) == (2, [left], "it is being sent")
    assert len(service.asked) == 4


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path, {"SERVE__QUEUE": "2"})
    started.start()
    yield started
    started.stop()


def test_a_full_service_is_asked_again(make: Callable[..., Assize], small: Service) -> None:
    impatient = make(small.url, retries=Retries(attempts=1))
    with pytest.raises(errors.UnavailableError, match="concurrency") as caught:
        for _ in range(20):
            impatient.submit("import time; time.sleep(0.5)", tests=[("", "")])
    assert caught.value.retry_after
    items = make(small.url).batch((submission("print(1)", tests=[("", "1")]) for _ in range(6)), concurrency=6)
    with closing(items):  # type: ignore[type-var]
        assert all(item.judgement.accepted for item in items)
