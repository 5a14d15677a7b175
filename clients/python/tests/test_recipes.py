"""The recipes of docs/clients.md do what they say, with the permissions of docs/rabbitmq.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pika
import pika.exceptions
import pytest
from conftest import REPOSITORY, Guarded
from rabbitmq import Broker, Worker
from recipes import headings, recipe

PAGE = REPOSITORY / "docs" / "clients.md"
SUM = "print(sum(map(int, input().split())))"


def needs(*programs: str) -> None:
    """Skips the test where one of them is missing; under CI it fails."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{', '.join(missing)} is not installed here")


def run(command: list[str], guarded: Guarded, directory: Path) -> str:
    surroundings = {**os.environ, "ASSIZE_URL": guarded.url, "ASSIZE_TOKEN": guarded.tokens["ada"]}
    ran = subprocess.run(
        command, cwd=directory, env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout


def test_every_recipe_has_a_test() -> None:
    languages = {language: headings(PAGE, language) for language in ("sh", "js", "python")}
    assert languages == {"sh": ["curl"], "js": ["JavaScript"], "python": ["AMQP with pika", "AMQP with aio-pika"]}


def test_curl(guarded: Guarded, tmp_path: Path) -> None:
    needs("curl", "jq")
    (tmp_path / "main.py").write_text(SUM)
    said = run(["bash", "-euc", recipe(PAGE, "curl", "sh")], guarded, tmp_path).splitlines()
    assert said[:4] == ["42", "AC", "AC", "WA"]
    assert "event: verdict" in said


def test_javascript(guarded: Guarded, tmp_path: Path) -> None:
    needs("node")
    (tmp_path / "recipe.mjs").write_text(recipe(PAGE, "JavaScript", "js"))
    said = run(["node", "recipe.mjs"], guarded, tmp_path).splitlines()
    assert said == ["OK 42", *(f"{number}/7 AC" for number in range(1, 8)), "AC"]


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    started = Broker()
    yield started
    started.remove()


@pytest.fixture
def worker(broker: Broker, tmp_path: Path) -> Iterator[Worker]:
    started = Worker(broker, tmp_path)
    yield started
    started.stop()


@pytest.mark.usefixtures("worker")
def test_answers_wait_in_the_queue_of_a_site(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URL", broker.url("course-site"))
    code = recipe(PAGE, "AMQP with pika", "python")
    sending: dict[str, Any] = {}
    exec(code, sending)
    submissions = [sending["hand_in"](program, "sum", student="ada") for program in (SUM, "print(0)")]
    submissions.append(sending["hand_in"](SUM, "none"))
    sending["connection"].close()
    # Another program of the site, later.
    receiving: dict[str, Any] = {}
    exec(code, receiving)
    answers = dict(islice(receiving["answers"](), 3))
    receiving["connection"].close()
    said = [answers[submission].get("verdict") or answers[submission]["code"] for submission in submissions]
    assert said == ["AC", "WA", "unknown_problem"]
    assert answers[submissions[0]]["metadata"] == {"student": "ada"}


@pytest.mark.usefixtures("worker")
def test_asyncio_and_amqp(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URL", broker.url("course-site"))
    code = recipe(PAGE, "AMQP with aio-pika", "python")
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert said.stdout == "AC\n"


@pytest.mark.usefixtures("worker")
def test_a_site_has_no_more_rights_than_it_needs(broker: Broker) -> None:
    for what in (
        lambda channel: channel.queue_declare("course-site.verdicts", durable=True),
        lambda channel: channel.basic_get("course-site.verdicts"),
        lambda channel: channel.basic_get("assize.submissions"),
        lambda channel: channel.basic_get("assize.verdicts.all"),
        lambda channel: channel.queue_purge("assize.submissions"),
        lambda channel: channel.exchange_delete("assize.submit"),
        lambda channel: channel.queue_bind(channel.queue_declare("", exclusive=True).method.queue, "assize.verdicts"),
        lambda channel: publish(channel, "assize.verdicts"),
        lambda channel: publish(channel, ""),
    ):
        connection = pika.BlockingConnection(pika.URLParameters(broker.url("other-site")))
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
            what(channel)
        connection.close()


def publish(channel: Any, exchange: str) -> None:
    channel.basic_publish(exchange, "course-site.verdicts", b"{}", mandatory=True)
