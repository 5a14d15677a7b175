"""A RabbitMQ with the permissions that its page of the documentation gives, and a worker that obeys them."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest
from conftest import BINARY, REPOSITORY, eventually
from recipes import recipe

IMAGE = "assize/rabbitmq:4"
ADMIN = "assize"
PASSWORD = "only-for-tests"
PAGE = REPOSITORY / "docs" / "rabbitmq.md"


class Broker:
    """Removed with the process of the tests, however that ends."""

    def __init__(self) -> None:
        account = ["-e", f"RABBITMQ_DEFAULT_USER={ADMIN}", "-e", f"RABBITMQ_DEFAULT_PASS={PASSWORD}"]
        options = ["--label", "io.assize.test=services", "--hostname", "services", *account]
        options += ["-p", "127.0.0.1::5672", "-p", "127.0.0.1::15672"]
        self._id = docker("run", "-d", *options, IMAGE)
        # Its standard input closes when the tests are gone.
        remove = ["sh", "-c", f"cat; exec docker rm -fv {self._id} >/dev/null"]
        self._reaper = subprocess.Popen(remove, stdin=subprocess.PIPE, start_new_session=True)
        commands = recipe(PAGE, "Who may do what", "sh")
        address = f"http://{self._address(15672)}/api"
        self._management = httpx.Client(base_url=address, auth=(ADMIN, PASSWORD))
        eventually("RabbitMQ", lambda: self._has("/health/checks/port-listener/5672"))
        for text in (commands, commands.replace("course-site", "other-site")):
            self._obey(text)

    def url(self, user: str) -> str:
        return f"amqp://{user}:{PASSWORD}@{self._address(5672)}/%2f"

    def has_a_worker(self) -> bool:
        """It has declared everything, and listens."""
        found = self._management.get("/queues/%2F/assize.submissions/bindings")
        bound = found.is_success and any(binding["source"] == "assize.submit" for binding in found.json())
        return bound and self._has("/exchanges/%2F/assize.verdicts")

    def remove(self) -> None:
        self._management.close()
        self._reaper.communicate(timeout=60)

    def _has(self, path: str) -> bool:
        try:
            return self._management.get(path).is_success
        except httpx.TransportError:
            return False

    def _obey(self, commands: str) -> None:
        """Does what the commands say, over HTTP: each start of rabbitmqctl takes seconds."""
        for command in commands.replace("\\\n", " ").splitlines():
            *name, user, configure, write, read = shlex.split(command)
            # The tests use the virtual host that is there.
            assert name == ["rabbitmqctl", "set_permissions", "-p", "assize"], command
            rights = {"configure": configure, "write": write, "read": read}
            self._management.put(f"/users/{user}", json={"password": PASSWORD, "tags": ""}).raise_for_status()
            self._management.put(f"/permissions/%2F/{user}", json=rights).raise_for_status()

    def _address(self, port: int) -> str:
        mapped = docker("port", self._id, f"{port}/tcp").splitlines()[0]
        return f"127.0.0.1:{mapped.rpartition(':')[2]}"


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


class Worker:
    """A worker without a database."""

    def __init__(self, broker: Broker, directory: Path) -> None:
        settings = {
            "ASSIZE__BROKER__URL": broker.url("worker"),
            "ASSIZE__HTTP__LISTEN": "",
            "ASSIZE__PROBLEMS__DIRECTORY": str(REPOSITORY / "examples"),
            "ASSIZE__SANDBOX__WARM_BOXES": "1",
            "ASSIZE__STORE__ENABLED": "false",
            "ASSIZE__WORKER__ID": f"{os.environ.get('ASSIZE__WORKER__ID', 'python-client')}-amqp",
        }
        self._log = directory / "worker.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen([str(BINARY), "worker"], env={**os.environ, **settings}, stderr=log)
        eventually("the worker", broker.has_a_worker)

    def stop(self) -> None:
        self._process.terminate()
        if self._process.wait(timeout=60) != 0:
            pytest.fail(self._log.read_text())
