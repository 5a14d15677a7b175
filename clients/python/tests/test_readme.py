"""Every recipe of the README does what it says."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BINARY, REPOSITORY, Service, eventually, free_port
from recipes import headings, recipe
from test_webhooks import SECRET, VERDICT, signed
from werkzeug.serving import make_server

from assize import Assize

Run = Callable[[str], dict[str, Any]]

README = Path(__file__).parents[1] / "README.md"
SUM = "print(sum(map(int, input().split())))"


@pytest.fixture(autouse=True)
def surroundings(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIZE_URL", service.url)
    monkeypatch.setenv("CONTEST_SECRET", SECRET)
    monkeypatch.setenv("CONTEST_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("PYTHONPATH", str(README.parent / "src"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs code as a cell of a notebook is run: it may await something."""
    names: dict[str, Any] = {"__name__": "recipe"}

    def cell(code: str) -> dict[str, Any]:
        coroutine = eval(compile(code, "recipe", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), names)
        if inspect.iscoroutine(coroutine):
            asyncio.run(coroutine)
        return names

    yield cell
    if isinstance(client := names.get("assize"), Assize):
        client.close()


def test_every_recipe_has_a_test() -> None:
    tested = ["assize for Python", "A course site", "A contest with webhooks", "A thousand candidates of a model"]
    assert headings(README, "python") == [*tested, "A notebook cell", "A check in CI"]


def test_the_first_example(service: Service, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(recipe(README, "assize for Python", "python").replace("http://127.0.0.1:8751", service.url))
    said = capsys.readouterr().out
    assert said.startswith("OK 42\n")
    assert "AC 7\n" in said


def test_the_example_of_the_project(service: Service, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(recipe(REPOSITORY / "README.md", "Over HTTP", "python").replace("http://127.0.0.1:8751", service.url))
    assert capsys.readouterr().out == "42\n\nAC\n"


def test_a_course_site(run: Run) -> None:
    site = run(recipe(README, "A course site", "python"))["app"].test_client()
    form = {"program": SUM, "student": "ada", "attempt": "course-1"}
    answers = [site.post("/exercises/sum/solutions", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    place = f"/solutions/{answers[0].json['solution']}"
    eventually("the verdict", lambda: "verdict" in site.get(place).json)
    feedback = site.get(place).json
    assert (feedback["state"], feedback["verdict"]) == ("done", "AC")
    assert [verdict for _, verdict, _ in feedback["samples"]] == ["AC", "AC"]
    assert site.post("/exercises/none/solutions", data={**form, "attempt": "course-2"}).status_code == 422


@pytest.fixture
def callbacks(tmp_path: Path) -> Iterator[Service]:
    """A service that may call this host."""
    key = tmp_path / "callback.key"
    key.write_text("for tests only " * 4)
    networks = {"SERVE__CALLBACK_KEY_FILE": str(key), "SERVE__CALLBACK_NETWORKS": "127.0.0.0/8"}
    started = Service(tmp_path, networks)
    started.start()
    yield started
    started.stop()


def test_a_contest_with_webhooks(callbacks: Service, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("ASSIZE_URL", callbacks.url)
    monkeypatch.setenv("ASSIZE__SERVE__CALLBACK_KEY_FILE", callbacks.settings["SERVE__CALLBACK_KEY_FILE"])
    secret = subprocess.run(
        [str(BINARY), "token", "callback-secret", "local"], check=True, capture_output=True, text=True
    ).stdout.strip()
    monkeypatch.setenv("CONTEST_SECRET", secret)
    monkeypatch.setenv("CONTEST_URL", f"http://127.0.0.1:{port}")
    names = run(recipe(README, "A contest with webhooks", "python"))
    server = make_server("127.0.0.1", port, names["app"], threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        contest = names["app"].test_client()
        for team, program in (("owls", SUM), ("bats", "print(0)")):
            assert contest.post(f"/teams/{team}/sum", data=program).status_code == 202
        eventually("both verdicts", lambda: len(names["seen"]) == 2)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert names["solved"] == {"owls": {"sum"}}


def test_a_contest_takes_only_what_is_signed_and_each_message_once(run: Run) -> None:
    names = run(recipe(README, "A contest with webhooks", "python"))
    contest = names["app"].test_client()
    document = json.loads(VERDICT)
    document["data"]["verdict"] |= {"verdict": "AC", "metadata": {"team": "owls"}}
    body = json.dumps(document)
    for _ in range(2):
        assert contest.post("/verdicts", data=body, headers=signed(body)).status_code == 204
    assert contest.post("/verdicts", data=body + " ", headers=signed(body)).status_code == 400
    assert names["solved"] == {"owls": {document["data"]["verdict"]["problem"]["id"]}}


def test_a_thousand_candidates_of_a_model(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    candidates = [("sum", SUM), ("sum", "print(0)"), ("none", SUM), ("sum", "print("), ("twice", "print(1)")]
    lines = [json.dumps({"task": task, "program": program}) for task, program in candidates]
    Path("candidates.jsonl").write_text("\n".join(lines))
    verdicts = run(recipe(README, "A thousand candidates of a model", "python"))["verdicts"]
    assert {number: str(verdict) for number, verdict in verdicts.items()} == {0: "AC", 1: "WA", 3: "CE", 4: "WA"}
    said = capsys.readouterr().out
    assert "sum: 1 of 3" in said
    assert "no answer: 2 unknown_problem" in said


def test_a_notebook_cell(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(recipe(README, "A notebook cell", "python"))
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1/7 sample/1: AC")
    assert said[-1].strip() == "AC"


def test_a_check_in_ci() -> None:
    Path("solutions").mkdir()
    Path("solutions/sum.py").write_text(SUM)
    check = [sys.executable, "-c", recipe(README, "A check in CI", "python")]
    assert subprocess.run(check, check=False).returncode == 0
    Path("solutions/twice.py").write_text("print(0)")
    checked = subprocess.run(check, check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (1, "::error file=solutions/twice.py::WA\n1 of 2 accepted\n")
