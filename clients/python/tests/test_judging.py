"""Programs that are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from assize import Assize, AssizeError, Judgement, Progress, SubmissionRequest, SubmissionState, Verdict, submission
from assize._calls import chunks, rejudged
from assize.errors import AnswerTimeoutError, ConflictError, RefusedError, UnknownProblemError, UnknownTestSetError
from assize.models import ProblemRejudgeAccepted, RunInputMessage, RunMessage

SUM = "print(sum(map(int, input().split())))"
SLOW = "import time; time.sleep(60)"


@pytest.mark.parametrize(
    ("program", "verdict"), [(SUM, Verdict.AC), ("print(0)", "WA"), ("print(", Verdict.CE), ("1 / 0", "RTE")]
)
def test_a_program_is_judged_against_a_problem(client: Assize, program: str, verdict: str) -> None:
    judgement = client.judge(program, problem="sum", metadata={"user": "ada"})
    assert judgement.verdict == verdict
    assert judgement.accepted is (verdict == "AC")
    assert judgement.metadata == {"user": "ada"}


def test_a_program_is_judged_against_tests_that_come_along(client: Assize) -> None:
    judgement = client.judge(
        "print(int(input()) / 2)", tests=[("4", "2"), ("3", "1.5000001")], validator_flags=["float_tolerance", "1e-6"]
    )
    assert [test.verdict for test in judgement.tests] == ["AC", "AC"]


def test_tests_that_are_uploaded_once_are_those_of_many_programs(client: Assize) -> None:
    halves = [("4", "2"), ("6", "4")]
    name = client.test_sets.put(halves)
    assert client.test_sets.put(halves) == client.test_sets.get(name) == name
    assert name.tests == len(halves)
    requests = [submission(f"print(int(input()) // 2)  # {number}", test_set=name) for number in range(3)]
    for item in client.batch(requests):
        assert item.judgement is not None
        assert [test.verdict for test in item.judgement.tests] == ["AC", "WA"]
    client.test_sets.remove(name)
    with pytest.raises(UnknownTestSetError, match="put"):
        client.judge("print(1)", test_set=name.test_set)


def test_functions_of_a_program_are_called_and_asserted_about(client: Assize) -> None:
    program = "def add(a, b):\n    return a + b\n"
    calls: list[Mapping[str, Any]] = [
        {"call": "add", "args": [1, 2], "expect": 3},
        {"call": "add", "args": [1, 2], "expect": None},
    ]
    of_calls = client.judge(program, tests=calls)
    assert [test.verdict for test in of_calls.tests] == ["AC", "WA"]
    assert [test.value.text for test in of_calls.tests if test.value] == ["3", "3"]
    of_asserts = client.judge(program, asserts=["assert add(1, 2) == 3", "assert add(1, 2) == 4"])
    assert [test.verdict for test in of_asserts.tests] == ["AC", "WA"]
    functional = {"fn_name": "add", "inputs": [[1, 2]], "outputs": [3]}
    assert client.judge(program, functional=functional).accepted


EQUAL_TO_ALL = """
class Same:
    def __eq__(self, other): return True
def same(value): return Same()
def add(a, b): return a + b
"""

UNIT_TESTS = """
import solution
def test_add(): assert solution.add(1, 2) == 3
def test_same(): assert solution.same(1) == 1
"""


def test_functions_of_a_program_are_graded_by_calls_and_by_unit_tests(client: Assize) -> None:
    assert client.grade(EQUAL_TO_ALL, calls=[{"call": "add", "args": [1, 2], "expect": 3}]).accepted
    strict = client.grade(EQUAL_TO_ALL, pytest={"test_it.py": UNIT_TESTS})
    verdicts = {test.name: test.verdict for test in strict.tests}
    assert verdicts == {"test_it.py::test_add": "AC", "test_it.py::test_same": "WA"}
    assert client.grade(EQUAL_TO_ALL, pytest={"test_it.py": UNIT_TESTS}, pytest_options={"strict": False}).accepted


def test_a_submission_that_is_sent_twice_is_one(client: Assize) -> None:
    key, name = str(uuid4()), uuid4()
    by_key = {client.submit(SUM, problem="sum", idempotency_key=key).id for _ in range(2)}
    by_id = {client.submit(SUM, problem="sum", id=name).id for _ in range(2)}
    assert len(by_key) == 1
    assert by_id == {name}
    with pytest.raises(ConflictError, match="draw a new id"):
        client.submit("print(0)", problem="sum", id=name)


def test_an_answer_is_waited_for_only_so_long(client: Assize) -> None:
    state = client.submit(SLOW, tests=[("", "")], limits={"wall_ms": 60_000})
    with pytest.raises(AnswerTimeoutError, match=f'wait\\("{state.id}"\\)') as caught:
        client.wait(state, timeout=0.1)
    assert caught.value.state.id == state.id
    client.cancel(state.id, "it takes too long")
    ended = client.wait(str(state.id))
    assert ended.ended
    assert isinstance(ended.answer, Judgement)
    assert (ended.answer.verdict, ended.answer.message) == ("CANCELLED", "it takes too long")
    assert client.submission(state) == ended


def test_a_stream_tells_each_test_and_ends_with_the_answer(client: Assize) -> None:
    # Line ends of Unicode, which are none in a stream.
    lines = {"lines": "\u2028 \u2029 \x85 \x0b \x0c \x1c"}
    state = client.submit(SUM, problem="sum", metadata=lines)
    events = list(client.stream(state))
    assert isinstance(events[-1], Judgement)
    assert events[-1].metadata == lines
    progress = [event.finished for event in events if isinstance(event, Progress)]
    assert progress == list(range(1, len(events[-1].tests) + 1))
    assert list(client.stream(state.id))[-1] == events[-1]


def test_a_batch_takes_requests_only_as_it_needs_them(client: Assize) -> None:
    most, taken, seen = 4, 0, set()

    def requests() -> Iterator[SubmissionRequest]:
        nonlocal taken
        for number in range(9):
            taken += 1
            yield submission(f"print({number})", tests=[("", "7")], metadata={"number": number})

    for item in client.batch(requests(), concurrency=most):
        seen.add(item.index)
        assert taken - len(seen) < most + len(seen)
        assert item.request.metadata == item.judgement.metadata == {"number": item.index}
        assert item.judgement.accepted is (item.index == 7)
    assert seen == set(range(9))


def test_programs_of_a_batch_can_be_only_run(client: Assize) -> None:
    inputs = RunMessage(inputs=[RunInputMessage(stdin=text) for text in ("1", "2")])
    (item,) = client.batch([submission("print(-int(input()))", run=inputs)])
    assert [str(run.stdout) for run in item.result.runs] == ["-1\n", "-2\n"]
    with pytest.raises(AssizeError, match="was run, not judged"):
        _ = item.judgement


def test_a_batch_that_is_not_read_to_its_end_can_be_left(client: Assize) -> None:
    for item in client.batch((submission(SUM, problem="sum") for _ in range(10)), concurrency=2):
        assert item.judgement.accepted
        break
    assert client.judge(SUM, problem="sum").accepted


def test_a_wrong_submission_keeps_none_of_the_others_back(client: Assize) -> None:
    requests = [submission(SUM, problem=problem) for problem in ("sum", "none", "sum")]
    accepted = client.submit_many(requests)
    assert [isinstance(entry, RefusedError) for entry in accepted] == [False, True, False]
    assert all(client.wait(entry).ended for entry in accepted if isinstance(entry, SubmissionState))
    items = sorted(client.batch(requests), key=lambda item: item.index)
    assert [isinstance(item.error, UnknownProblemError) for item in items] == [False, True, False]
    with pytest.raises(UnknownProblemError):
        _ = items[1].judgement


def test_many_submissions_are_sent_in_pieces() -> None:
    requests = [submission("#" * size) for size in (10, 10, 10, 5000, 10)]
    assert [len(piece) for piece in chunks(requests, 2, 1000)] == [2, 1, 1, 1]
    assert chunks([], 2, 1000) == []


def test_submissions_are_found_by_what_they_are(client: Assize) -> None:
    user = str(uuid4())
    sent = [client.submit("print(0)", problem="sum", wait=50, metadata={"user": user, "final": True}) for _ in range(2)]
    wanted: dict[str, Any] = {"problem": "sum", "verdict": Verdict.WA, "metadata": {"user": user, "final": True}}
    found = list(client.submissions(**wanted))
    assert [summary.id for summary in found] == [state.id for state in reversed(sent)]
    assert list(client.submissions(**wanted, until=found[1].accepted_at)) == []


def test_a_service_that_keeps_no_programs_says_that_it_judges_none_again(client: Assize) -> None:
    user = str(uuid4())
    state = client.submit("print(0)", problem="sum", wait=50, metadata={"user": user})
    for limit in (None, 1):
        again = client.rejudge_problem("sum", limit=limit, metadata={"user": user})
        assert (again.problem, again.submissions, again.not_kept) == ("sum", 0, 1)
    with pytest.raises(RefusedError, match="send it once more"):
        client.rejudge(state)


def test_what_several_pages_could_not_send_is_told_of_all_of_them() -> None:
    first, second = uuid4(), uuid4()
    pages = [
        ProblemRejudgeAccepted(problem="sum", rejudge=uuid4(), submissions=submissions, not_kept=1, **more)
        for submissions, more in (
            (3, {"not_sent": [first], "not_sent_reason": "it is being sent", "next": "2"}),
            (4, {"next": "3"}),
            (5, {"not_sent": [second], "not_sent_reason": "RabbitMQ is away"}),
        )
    ]
    total = None
    for page in pages:
        total = rejudged(total, page)
    assert total is not None
    assert (total.submissions, total.not_kept, total.next) == (12, 3, None)
    assert (total.not_sent, total.not_sent_reason) == ([first, second], "RabbitMQ is away")


def test_the_service_says_what_it_has(client: Assize) -> None:
    assert {language.name for language in client.languages()} >= {"python3"}
    assert "sum" in client.problems()
    assert client.problem("sum").tests > 0
    assert client.status().standalone
