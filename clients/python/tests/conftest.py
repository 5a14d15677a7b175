"""A real service for each kind of test: `assize serve --standalone`."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from driven import Driven

from assize import Assize

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("ASSIZE_BINARY", REPOSITORY / "target" / "debug" / "assize"))


@dataclass
class Service:
    """A service of its own, on a port that it keeps when it is started again."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def name(self) -> str:
        return f"{os.environ.get('ASSIZE__WORKER__ID', 'python-client')}-{self.port}"

    def start(self) -> None:
        self.port = self.port or free_port()
        environment = {
            **os.environ,
            "ASSIZE__SERVE__LISTEN": f"127.0.0.1:{self.port}",
            "ASSIZE__SANDBOX__WARM_BOXES": "1",
            # Its boxes are known by it.
            "ASSIZE__WORKER__ID": self.name,
            "ASSIZE__PROBLEMS__DIRECTORY": str(REPOSITORY / "examples"),
            **{f"ASSIZE__{name}": value for name, value in self.settings.items()},
        }
        with (self.directory / "serve.log").open("ab") as log:
            command = [str(BINARY), "serve", "--standalone"]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.answers()

    def answers(self) -> None:
        def is_ready() -> bool:
            assert self.process
            if self.process.poll() is not None:
                pytest.fail(f"the service has ended: {(self.directory / 'serve.log').read_text()}")
            try:
                return httpx.get(f"{self.url}/readyz").is_success
            except httpx.TransportError:
                return False

        eventually("the service", is_ready)

    def stop(self, *, at_once: bool = False) -> None:
        if self.process:
            (self.process.kill if at_once else self.process.terminate)()
            self.process.wait(timeout=30)
            self.process = None

    def token(self, site: str, *scopes: str) -> str:
        """A token for a site, whose digest is in the file of the service."""
        options = [part for scope in scopes for part in ("--scope", scope)]
        command = [str(BINARY), "token", "new", site, *options, "--file", str(self.directory / "tokens")]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def eventually(what: str, happens: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come within {seconds:g} s")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serves every client of this host."""
    assert BINARY.exists(), f"{BINARY} is missing: build it with `cargo build`, or name it in ASSIZE_BINARY"
    started = Service(tmp_path_factory.mktemp("service"))
    started.start()
    yield started
    started.stop()


@dataclass
class Guarded(Service):
    """Serves clients with tokens, and not very often."""

    tokens: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    directory = tmp_path_factory.mktemp("guarded")
    settings = {"SERVE__TOKEN_FILE": str(directory / "tokens"), "SERVE__REQUESTS_PER_SECOND": "2"}
    started = Guarded(directory, settings)
    started.tokens["ada"] = started.token("ada", "run", "submit", "read")
    started.tokens |= {site: started.token(site, "read") for site in ("eve", "often-Assize", "often-Driven")}
    started.start()
    yield started
    started.stop()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Service]:
    """A service that the test may stop."""
    started = Service(tmp_path)
    started.start()
    yield started
    started.stop()
    # Workers remove boxes of one that was killed only after a while.
    left = ["docker", "ps", "-aq", "--filter", f"label=io.assize.worker={started.name}"]
    boxes = subprocess.run(left, check=True, capture_output=True, text=True).stdout.split()
    if boxes:
        subprocess.run(["docker", "rm", "-f", *boxes], check=True, capture_output=True)


@pytest.fixture(params=[Assize, Driven], ids=["blocking", "asyncio"])
def make(request: pytest.FixtureRequest) -> Iterator[Callable[..., Assize]]:
    """Makes clients, which are closed at the end; each test is of both kinds."""
    made: list[Assize] = []

    def one(*args: Any, **kwargs: Any) -> Assize:
        client: Assize = request.param(*args, **kwargs)
        made.append(client)
        return client

    yield one
    for client in made:
        client.close()


@pytest.fixture
def client(make: Callable[..., Assize], service: Service) -> Assize:
    return make(service.url)
