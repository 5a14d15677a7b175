"""The SDK of SandboxFusion, against the service at the address that is the first argument."""

import asyncio
import base64
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

response = run_code(RunCodeRequest(code="print(input() * 2)", language="python", stdin="ab"), max_attempts=1)
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
    assert summary_run_code_result(response, mapping).endswith(expected), (code, response)
    assert response.run_result.status == status, (code, response)

response = asyncio.run(run_code_async(RunCodeRequest(code="print(6)", language="python"), max_attempts=1))
assert response.run_result.stdout == "6\n", response
requests = [[RunCodeRequest(code=f"print({number})", language="python")] for number in range(8)]
responses = run_concurrent(run_code, args=requests, concurrency=4)
assert [response.run_result.stdout for response in responses] == [f"{number}\n" for number in range(8)]


def judged(completion, cases, **config):
    config = TestConfig(language="python", dataset_type="CommonOJDataset", provided_data={"test": cases}, **config)
    return SubmitRequest(dataset="any", id="p1", completion=completion, config=config)


cases = [{"input": {"stdin": f"{n}\n"}, "output": {"stdout": f"{n * n}\n"}} for n in (2, 3, 5)]
fenced = "Here it is:\n```python\n{}\n```\n"
result = submit(judged(fenced.format("n = int(input())\nprint(n * n)"), cases), max_attempts=1)
assert result.accepted and result.id == "p1" and len(result.tests) == 3, result
assert result.extracted_code == "n = int(input())\nprint(n * n)", result
assert all(test.passed and test.exec_info.status == RunStatus.Success for test in result.tests), result

result = submit(judged(fenced.format("print(4)"), cases), max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [True, False], result
wrong = judged(fenced.format("n = int(input())\nprint(n * n if n != 3 else 0)"), cases, extra={"run_all_cases": True})
result = submit(wrong, max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [True, False, True], result
result = submit_safe(judged(fenced.format("print("), cases), max_attempts=1)
assert not result.accepted and [test.passed for test in result.tests] == [False], result

print("passed")
