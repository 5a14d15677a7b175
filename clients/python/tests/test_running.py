"""Programs that are only run."""

from __future__ import annotations

import pytest
from conftest import Service

from assize import Assize
from assize.models import RunInputMessage

REVERSED = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"


def test_a_program_is_run_with_text_and_with_bytes(client: Assize) -> None:
    result = client.run("print(int(input()) * 2)", stdin="21")
    assert (result.ok, result.stdout, result.stderr, result.exit_code) == (True, "42\n", "", 0)
    assert client.run(REVERSED, stdin=b"\xff\x00\x01").runs[0].stdout.data == b"\x01\x00\xff"


def test_a_program_has_arguments_files_and_leaves_files(client: Assize) -> None:
    program = "import sys; open('out.txt', 'wb').write(open('in.bin', 'rb').read() + sys.argv[1].encode())"
    files: dict[str, str | bytes] = {"main.py": program, "in.bin": b"\xff"}
    result = client.run(files=files, entry_point="main.py", args=["!"], fetch=["out.txt", "none"])
    assert result.ok, result
    fetched = {file.path: file.content and file.content.data for file in result.runs[0].files or []}
    assert fetched == {"out.txt": b"\xff!", "none": None}


def test_one_program_has_many_inputs(client: Assize) -> None:
    inputs: list[str | bytes | RunInputMessage] = ["1", b"2", RunInputMessage(name="third", stdin="3")]
    result = client.run("print(int(input()) ** 2)", inputs=inputs, metadata={"why": None})
    assert [(run.name, str(run.stdout)) for run in result.runs] == [("1", "1\n"), ("2", "4\n"), ("third", "9\n")]
    assert result.metadata == {"why": None}


@pytest.mark.parametrize(
    ("program", "status", "exit_code"),
    [
        ("import sys; sys.exit(3)", "RTE", 3),
        ("import os; os.abort()", "RTE", None),
        ("while True: pass", "TLE", None),
        ("while True: print('x' * 1000)", "OLE", None),
        ("print(", "CE", None),
    ],
)
def test_a_program_that_ends_badly_is_an_answer(
    service: Service, program: str, status: str, exit_code: int | None
) -> None:
    with Assize(service.url) as client:
        result = client.run(program, limits={"cpu_ms": 200, "output_bytes": 1000})
    assert (result.status, result.ok) == (status, False)
    assert result.exit_code == exit_code
