"""How long is waited, and what goes on behind a loop that was left. The services of these tests are scripted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from conftest import REPOSITORY, eventually

from assize import Assize, Retries, SubmissionRequest, SubmissionState, errors, submission
from assize._answers import CHUNK

Make = Callable[..., Assize]

JUDGEMENT = json.loads((REPOSITORY / "docs" / "examples" / "verdict.json").read_text())


def away(_: httpx.Request) -> httpx.Response:
    document = {"title": "away", "status": 503, "code": "unavailable", "detail": "RabbitMQ is away"}
    return httpx.Response(503, json=document)


def queued(name: object) -> httpx.Response:
    return httpx.Response(202, json=queued_as(name))


def queued_as(name: object) -> dict[str, object]:
    return {"id": str(UUID(int=name) if isinstance(name, int) else name), "state": "queued", "finished": 0}


def done(name: object) -> httpx.Response:
    state = {"id": str(name), "state": "done", "finished": 1, "verdict": JUDGEMENT | {"id": str(name)}}
    return httpx.Response(200, json=state)


class Scripted(httpx.MockTransport):
    """Notes what it is asked."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.asked: list[httpx.Request] = []
        self._answer = answer
        super().__init__(self._noted)

    def _noted(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self._answer(request)


def requests(*programs: str) -> Iterator[SubmissionRequest]:
    return (submission(program, problem="sum") for program in programs)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of the clients, which take no time, though the clock goes on by them."""
    pauses: list[float] = []
    now = time.monotonic

    async def waits(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("assize._answers.Deadline.sleep", lambda _, seconds: pauses.append(seconds))
    monkeypatch.setattr("assize._async_client.asyncio.sleep", waits)
    monkeypatch.setattr(time, "monotonic", lambda: now() + sum(pauses))
    return pauses


ENDLESS = Retries(attempts=10**6, seconds=10**6, first_pause=1.0, longest_pause=1.0)


def test_a_service_that_is_away_is_waited_for_no_longer_than_the_caller_waits(make: Make, clock: list[float]) -> None:
    client = make("http://service", transport=Scripted(away), retries=ENDLESS)
    calls: list[Callable[[], Any]] = [
        lambda: client.judge("1", problem="sum", timeout=20),
        lambda: client.grade("1", calls=[{"call": "f", "args": [], "expect": 1}], timeout=20),
        lambda: client.run("1", timeout=20),
        lambda: client.wait(uuid4(), timeout=20),
        lambda: next(iter(client.batch(requests("1"), timeout=20))).judgement,
    ]
    for call in calls:
        clock.clear()
        with pytest.raises(errors.UnavailableError):
            call()
        assert 10 < sum(clock) <= 20
        clock.clear()


def test_the_service_is_asked_to_wait_no_longer_than_the_caller_waits(make: Make, clock: list[float]) -> None:
    service = Scripted(away)
    client = make("http://service", transport=service, retries=ENDLESS)
    with pytest.raises(errors.UnavailableError):
        client.judge("1", problem="sum", timeout=20)
    waits = [float(request.url.params.get("wait", 0.0)) for request in service.asked]
    assert sum(clock) <= 20
    assert waits == sorted(waits, reverse=True)
    assert waits[0] <= 20
    assert waits[-1] < 10


def test_without_time_a_request_is_sent_once(make: Make) -> None:
    service = Scripted(away)
    client = make("http://service", transport=service)
    for timeout in (0.0, -1.0):
        service.asked.clear()
        with pytest.raises(errors.UnavailableError):
            client.judge("1", problem="sum", timeout=timeout)
        assert len(service.asked) == 1
    with pytest.raises(errors.AnswerTimeoutError):
        make("http://service", transport=Scripted(lambda _: queued(uuid4()))).judge("1", problem="sum", timeout=0.0)


def test_a_batch_of_none_at_once_is_refused(make: Make) -> None:
    for concurrency in (0, -1):
        with pytest.raises(ValueError, match="1 or more"):
            list(make("http://service").batch(requests("1"), concurrency=concurrency))


def never_done(request: httpx.Request) -> httpx.Response:
    """The program `first` is judged at once, `refused` is not allowed, and the others never end."""
    if request.method == "GET":
        return queued(request.url.path.rpartition("/")[2])
    document = json.loads(request.content)
    if document["source"] == "refused":
        return httpx.Response(403, json={"title": "no", "status": 403, "code": "forbidden", "detail": "no scope"})
    return (done if document["source"] == "first" else queued)(document["id"])


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "assize"]


def broken() -> Iterator[SubmissionRequest]:
    yield from requests("endless", "endless")
    raise LookupError("the caller's own")


def left(client: Assize) -> None:
    for item in client.batch(requests("endless", "first", "endless")):
        assert item.judgement
        break


def forbidden(client: Assize) -> None:
    with pytest.raises(errors.ForbiddenError):
        list(client.batch(requests("endless", "refused", "endless")))


def interrupted(client: Assize) -> None:
    with pytest.raises(LookupError):
        list(client.batch(broken()))


@pytest.mark.parametrize("leave", [left, forbidden, interrupted])
def test_nothing_asks_for_a_batch_that_was_left(make: Make, leave: Callable[[Assize], None]) -> None:
    service = Scripted(never_done)
    client = make("http://service", transport=service)
    leave(client)
    eventually("the end of the threads", lambda: not threads())
    asked = len(service.asked)
    # Tasks of asyncio go on while something else runs.
    for _ in range(10):
        client.submission(uuid4())
    assert len(service.asked) == asked + 10


def test_a_batch_that_was_left_sends_nothing_again(make: Make) -> None:
    service = Scripted(lambda request: done(1) if request.method == "GET" else away(request))
    client = make("http://service", transport=service, retries=Retries(first_pause=600.0, seconds=10**6))
    with pytest.raises(LookupError):
        list(client.batch(broken()))
    eventually("the end of the threads", lambda: not threads())
    assert len(service.asked) <= 2


LEAVES = """
import itertools, os, signal, sys, threading
import httpx
from test_waiting import done, json, requests
from assize import Assize

silent = itertools.count()
# It may have been started where SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def answer(request):
    document = json.loads(request.content)
    if document["source"] == "first":
        return done(document["id"])
    if next(silent) == 1 and sys.argv[1] == "interrupted":
        os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait()

programs = ["silent", "silent"] + ["first"] * (sys.argv[1] == "left")
for item in Assize("http://service", transport=httpx.MockTransport(answer)).batch(requests(*programs)):
    break
"""


@pytest.mark.parametrize(("how", "code"), [("left", 0), ("interrupted", -signal.SIGINT)])
def test_a_process_ends_in_the_middle_of_a_batch(how: str, code: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", LEAVES, how]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == code, ended.stderr
    assert ("KeyboardInterrupt" in ended.stderr) == (how == "interrupted")


def test_what_many_submissions_came_to_is_known_where_a_later_call_fails(make: Make) -> None:
    taken: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if len(service.asked) == 2:
            return away(request)
        sent = [document["id"] for document in json.loads(request.content)]
        taken.extend(sent)
        refusal = {"title": "no", "status": 422, "code": "unknown_problem", "detail": "no problem"}
        return httpx.Response(202, json=[queued_as(sent[0]), *[refusal] * len(sent[1:])])

    service = Scripted(answer)
    client = make("http://service", transport=service, retries=Retries(attempts=1))
    with pytest.raises(errors.UnavailableError) as caught:
        client.submit_many(requests(*map(str, range(CHUNK + 1))))
    first, *others = caught.value.submitted
    assert isinstance(first, SubmissionState)
    assert len(others) == CHUNK - 1
    assert all(isinstance(other, errors.UnknownProblemError) for other in others)
    assert [str(request.id) for request in caught.value.requests[:CHUNK]] == taken
    assert len(client.submit_many(caught.value.requests)) == CHUNK + 1
    assert taken[:CHUNK] == taken[CHUNK : 2 * CHUNK], "they are the same submissions"
    assert json.loads(service.asked[1].content)[0]["id"] == taken[-1]


def test_many_submissions_go_in_smaller_calls_where_the_service_takes_fewer_at_once(make: Make) -> None:
    taken: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent = [document["id"] for document in json.loads(request.content)]
        if len(sent) > most:
            refusal = {"title": "no", "status": 413, "code": "too_large", "detail": "send fewer"}
            return httpx.Response(413, json=refusal)
        taken.extend(sent)
        return httpx.Response(202, json=[queued_as(each) for each in sent])

    service, most = Scripted(answer), 20
    client = make("http://service", transport=service, retries=Retries(attempts=1))
    sent = list(requests(*map(str, range(2 * CHUNK + 1))))
    states = client.submit_many(sent)
    assert [str(state.id) for state in states] == taken
    assert len(taken) == len(sent)
    assert len(service.asked) < len(sent) // most * 2, "what it takes is found out once"
    most = 0
    with pytest.raises(errors.TooLargeError):
        client.submit_many(requests("1", "2"))


def test_a_package_has_the_time_that_the_service_takes_to_read_it(make: Make) -> None:
    problem = {"id": "sum", "title": "Sum", "revision": "1", "tests": 1, "scoring": False, "interactive": False}
    problem["tested_by"] = "programs"
    service = Scripted(lambda _: httpx.Response(200, json={"problem": problem, "warnings": []}))
    client = make("http://service", transport=service, retries=Retries(attempts=1))
    for given, seconds in [({}, 600.0), ({"timeout": 1e6}, 1e6)]:
        client.put_problem("sum", b"PK", **given)
        assert service.asked[-1].extensions["timeout"]["read"] >= seconds


@pytest.mark.parametrize("entries", [0, 1, 3])
def test_each_of_many_submissions_has_an_answer_of_its_own(make: Make, entries: int) -> None:
    client = make("http://service", transport=Scripted(lambda _: httpx.Response(202, json=[queued_as(1)] * entries)))
    with pytest.raises(errors.UnexpectedAnswerError, match=f"{entries} entries for 2"):
        client.submit_many(requests("1", "2"))


def test_what_was_being_handed_in_is_known_where_nothing_answers(make: Make) -> None:
    service = Scripted(away)
    client = make("http://service", transport=service, retries=Retries(attempts=1))
    for call in (client.submit, client.judge):
        with pytest.raises(errors.UnavailableError) as caught:
            call("1", problem="sum")
        (request,) = caught.value.requests
        assert str(request.id) == json.loads(service.asked[-1].content)["id"]
        assert not caught.value.submitted
    with pytest.raises(errors.UnavailableError) as caught:
        client.status()
    assert not caught.value.requests


def test_what_was_sent_is_known_where_a_batch_has_no_answer(make: Make) -> None:
    service = Scripted(away)
    (item,) = make("http://service", transport=service, retries=Retries(attempts=1)).batch(requests("1"))
    assert isinstance(item.error, errors.UnavailableError)
    assert str(item.request.id) == json.loads(service.asked[0].content)["id"]
