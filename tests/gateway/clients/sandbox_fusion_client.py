"""The SDK of SandboxFusion, against the service at the address that is the first argument."""

import asyncio
import base64
import json
import sys

import sandbox_fusion
from sandbox_fusion import (
    RunCodeRequest,
    RunStatus,
    SubmitRequest,
    SummaryMapping,
    TestConfig,
    run_code,
    run_code_async,
    run_concurrent,
    submit,
    submit_safe,
    summary_run_code_result,
)
from sandbox_fusion.models import CommandRunStatus

ADDRESS, TOKEN = sys.argv[1:]
# This SDK sends no headers of its own: the token is the password of the address.
sandbox_fusion.set_endpoint(ADDRESS.replace("://", f"://assize:{TOKEN}@"))

response = run_code(
    RunCodeRequest(code="print(input() * 2)", language="python", stdin="ab"),
    max_attempts=1,
)
assert response.status == RunStatus.Success, response
assert response.run_result.stdout == "abab\n" and response.run_result.return_code == 0, response

files = {"in.txt": base64.b64encode(b"x\xff").decode()}
program = "open('out.bin', 'wb').write(open('in.txt', 'rb').read() * 2)"
request = RunCodeRequest(code=program, language="python", files=files, fetch_files=["out.bin", "none"])
response = run_code(request, max_attempts=1)
assert {path: base64.b64decode(content) for path, content in response.files.items()} == {"out.bin": b"x\xffx\xff"}

mapping = SummaryMapping(RunFailed="failed", RunTimeout="late")
for code, expected, status in [
    ("1 / 0", "failed", CommandRunStatus.Finished),
    ("print(", "failed", CommandRunStatus.Finished),
    ("import os; os.kill(os.getpid(), 9)", "failed", CommandRunStatus.Finished),
    ("while True: pass", "late", CommandRunStatus.TimeLimitExceeded),
    ("pass", "Success", CommandRunStatus.Finished),
]:
    response = run_code(RunCodeRequest(code=code, language="python", run_timeout=1), max_attempts=1)
    assert summary_run_code_result(response, mapping).endswith(expected), (
        code,
        response,
    )
    assert response.run_result.status == status, (code, response)

response = asyncio.run(run_code_async(RunCodeRequest(code="print(6)", language="python"), max_attempts=1))
assert response.run_result.stdout == "6\n", response
requests = [[RunCodeRequest(code=f"print({number})", language="python")] for number in range(8)]
responses = run_concurrent(run_code, args=requests, concurrency=4)
assert [response.run_result.stdout for response in responses] == [f"{number}\n" for number in range(8)]


def judged(completion, cases, **config):
    config = TestConfig(
        language="python",
        dataset_type="CommonOJDataset",
        provided_data={"test": cases},
        **config,
    )
    return SubmitRequest(dataset="any", id="p1", completion=completion, config=config)


cases = [{"input": {"stdin": f"{n}\n"}, "output": {"stdout": f"{n * n}\n"}} for n in (2, 3, 5)]
fenced = "Here it is:\n```python\n{}\n```\n"
result = submit(judged(fenced.format("n = int(input())\nprint(n * n)"), cases), max_attempts=1)
assert result.accepted and result.id == "p1" and len(result.tests) == 3, result
assert result.extracted_code == "n = int(input())\nprint(n * n)", result
assert all(test.passed and test.exec_info.status == RunStatus.Success for test in result.tests), result

result = submit(judged(fenced.format("print(4)"), cases), max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [
    True,
    False,
], result
wrong = judged(
    fenced.format("n = int(input())\nprint(n * n if n != 3 else 0)"),
    cases,
    extra={"run_all_cases": True},
)
result = submit(wrong, max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [
    True,
    False,
    True,
], result
result = submit_safe(judged(fenced.format("print("), cases), max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [False], result


def graded(completion, row):
    config = TestConfig(
        language="python",
        dataset_type="AutoEvalDataset",
        provided_data=row,
        extra={"run_all_cases": True},
    )
    request = SubmitRequest(dataset="any", id="p1", completion=fenced.format(completion), config=config)
    return [test.passed for test in submit(request, max_attempts=1).tests]


right = "def add(a, b):\n    return a + b"
lies = "class All:\n    def __eq__(self, other):\n        return True\ndef add(a, b):\n    return All()"
unit_tests = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3\n"
for row in [
    {"test_cases": {"fn_name": "add", "inputs": [[1, 2]], "outputs": [3]}},
    {
        "test": "def check(candidate):\n    assert candidate(1, 2) == 3",
        "entry_point": "add",
    },
    {"test_list": ["assert add(1, 2) == 3"], "test_setup_code": "import math"},
    {"test": unit_tests},
    {"pytest": {"test_add.py": unit_tests}},
    {"test": {"code": "assert add(1, 2) == 3", "asset": {}}, "labels": {"programming_language": "python"}},
    {"test": json.dumps({"code": "assert add(1, 2) == 3", "asset": "{}"}), "labels": "{}"},
    {"test_cases": {"type": "assert", "test": "def check(f):\n    assert f(1, 2) == 3", "entry_point": "add"}},
    {"test_cases": [{"type": "function_call", "fn_name": "add", "input": [1, 2], "output": [3]}]},
]:
    assert graded(right, row) == [True], row
    assert graded(lies, row) == [False], row

# A completion goes on with its prompt, and the graders of these data sets import what it uses.
prompt = 'from typing import List\n\n\ndef largest(values: List[int]) -> int:\n    """The largest value."""\n'
check = "def check(candidate):\n    assert candidate([1, 3, 2]) == 3\n"
whole = "def largest(values: List[int]) -> int:\n    return heapq.nlargest(1, values)[0]"
row = {"prompt": prompt, "test": check, "entry_point": "largest"}
for completion, extra, accepted in [
    ("    return max(values)\n\nprint(largest(", {}, True),
    ("    return min(values)\n", {}, False),
    ("    return max(values)\n```\n\nThat is all.", {}, True),
    ("    return max(values)\n\nAn example:\n```python\nprint(largest([1]))\n```\n", {}, True),
    (whole, {"is_freeform": True}, True),
    (fenced.format(whole), {}, True),
]:
    config = TestConfig(language="python", dataset_type="HumanEvalDataset", provided_data=[row], extra=extra)
    result = submit(SubmitRequest(dataset="any", id=0, completion=completion, config=config), max_attempts=1)
    assert result.accepted == accepted and result.id == 0, (completion, result)
    assert result.extracted_code == (whole if "nlargest" in completion else completion), result


def accepted(completion, row, **extra):
    config = TestConfig(language="python", provided_data={"id": 7, **row}, extra=extra)
    return submit(SubmitRequest(dataset="any", id=7, completion=completion, config=config), max_attempts=1).accepted


# HumanEval/32, /38 and /50: the tests call a function of the prompt, which is not the candidate's to define.
poly = "def poly(xs: list, x: float):\n    return sum([coeff * math.pow(x, i) for i, coeff in enumerate(xs)])\n"
find_zero = """def find_zero(xs: list):
    begin, end = -1.0, 1.0
    while poly(xs, begin) * poly(xs, end) > 0:
        begin, end = begin * 2.0, end * 2.0
    while end - begin > 1e-10:
        center = (begin + end) / 2.0
        begin, end = (center, end) if poly(xs, center) * poly(xs, begin) > 0 else (begin, center)
    return begin
"""
cycled = """def encode_cyclic(s: str):
    groups = [s[(3 * i):min((3 * i + 3), len(s))] for i in range((len(s) + 2) // 3)]
    groups = [(group[1:] + group[0]) if len(group) == 3 else group for group in groups]
    return "".join(groups)
"""
shifted = """def encode_shift(s: str):
    return "".join([chr(((ord(ch) + 5 - ord("a")) % 26) + ord("a")) for ch in s])
"""
unshifted = """def decode_shift(s: str):
    return "".join([chr(((ord(ch) - 5 - ord("a")) % 26) + ord("a")) for ch in s])
"""
texts = "    for text in ('abcdefg', 'xyzxyz', 'no'):\n"
for helper, head, solution, check, cheat in [
    (
        "import math\n\n\n" + poly,
        "def find_zero(xs: list):\n",
        find_zero,
        "    for coeffs in ([1, 2], [-6, 11, -6, 1]):\n"
        "        assert math.fabs(poly(coeffs, candidate(list(coeffs)))) < 1e-4\n",
        "def poly(xs, x):\n    return 0.0\ndef find_zero(xs):\n    return 1.0\n",
    ),
    (
        cycled,
        "def decode_cyclic(s: str):\n",
        "def decode_cyclic(s: str):\n    return encode_cyclic(encode_cyclic(s))\n",
        texts + "        assert candidate(encode_cyclic(text)) == text\n",
        "def encode_cyclic(s):\n    return s\ndef decode_cyclic(s):\n    return s\n",
    ),
    (
        shifted,
        "def decode_shift(s: str):\n",
        unshifted,
        texts + "        assert candidate(encode_shift(text)) == text\n",
        "def encode_shift(s):\n    return s\ndef decode_shift(s):\n    return s\n",
    ),
]:
    prompt = helper + "\n\n" + head + '    """It is the inverse."""\n'
    name = head.removeprefix("def ").partition("(")[0]
    row = {"prompt": prompt, "test": "def check(candidate):\n" + check, "entry_point": name}
    # Without entry_point, as in HumanEval-X, and as in SandboxFusion's own samples.
    called = {**row, "test": row["test"] + f"\ncheck({name})\n", "entry_point": None}
    called["test"] = called["test"].replace("candidate", name)
    sample = {"content": prompt, "test": row["test"], "labels": json.dumps({"entry_point": name})}
    for given in (row, called, sample):
        assert accepted(fenced.format(helper + "\n\n" + solution), given), given
        assert accepted(fenced.format(solution), given), given
        assert accepted(solution.partition("\n")[2], given), given
        assert accepted(helper + "\n\n" + solution, given, is_freeform=True), given
        assert not accepted(fenced.format(cheat), given), given
        assert not accepted(cheat, given), given

# Rows of MBPP as in its samples, one of a function that is called like one of Python's own, and one of LeetCode.
row = {
    "content": "Write a function that adds, and gives 20 for what lies between.",
    "labels": {"test_setup_code": "least = 10"},
    "test_list": json.dumps(["assert sum(least, 6) == 20", "assert sum(1, 2) == 3"]),
    "canonical_solution": "def sum(a, b):\n    return 20 if a + b in range(15, 20) else a + b",
}
assert accepted(fenced.format(row["canonical_solution"]), row)
assert not accepted(fenced.format("def sum(a, b):\n    return a + b"), row)
row = {
    "prompt": "from typing import *\n",
    "entry_point": "Solution().twice",
    "test": "def check(candidate):\n    assert candidate(x=2) == 4",
}
twice = "class Solution:\n    def twice(self, x: List[int]) -> int:\n        return {}"
assert accepted(fenced.format(twice.format("x * 2")), row)
assert not accepted(fenced.format(twice.format("x")), row)

config = TestConfig(
    language="python",
    provided_data={"test": json.dumps(cases)},
)
request = SubmitRequest(dataset="any", id=1, completion="n = int(input())\nprint(n * n)", config=config)
assert submit(request, max_attempts=1).accepted

files = {"solution.py": base64.b64encode(right.encode()).decode()}
for code, code_of_exit in [(unit_tests, 0), (unit_tests.replace("== 3", "== 4"), 1)]:
    response = run_code(RunCodeRequest(code=code, language="pytest", files=files), max_attempts=1)
    assert response.run_result.return_code == code_of_exit, response
    assert "test_code.py::test_add" in response.run_result.stdout, response
response = run_code(
    RunCodeRequest(code=right + "\ndef test_it():\n    assert add(1, 2) == 3", language="pytest"),
    max_attempts=1,
)
assert response.status == RunStatus.Success, response

print("passed")
