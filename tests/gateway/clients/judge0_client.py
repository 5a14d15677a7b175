"""The official SDK of Judge0, against the service at the address that is the first argument."""

import sys

import judge0
from judge0 import Filesystem, File, Status, Submission

ADDRESS, TOKEN = sys.argv[1:]

client = judge0.Client(endpoint=ADDRESS, headers={"X-Auth-Token": TOKEN})
assert client.is_language_supported(judge0.PYTHON), client.languages
assert client.is_language_supported(judge0.PYTHON_FOR_ML), client.languages
assert client.is_language_supported(71)
assert not client.is_language_supported(judge0.RUST)
assert [status["id"] for status in client.get_statuses()] == list(range(1, 15))
assert client.get_language(71).name.startswith("Python"), client.get_language(71)

# One program, in the language that the SDK takes where none is named.
result = judge0.run(client=client, source_code="print('hällo', input())", stdin="wörld")
assert result.status == Status.ACCEPTED, result
assert result.stdout == "hällo wörld\n", result
assert result.source_code == "print('hällo', input())" and result.stdin == "wörld"
assert result.exit_code == 0 and result.time is not None and result.memory > 0, result
assert result.created_at <= result.finished_at, result

# Test cases: one submission each, judged against what is expected.
cases = [("1", "2"), ("5", "10\n"), ("7", "0")]
results = judge0.run(
    client=client, source_code="print(int(input()) * 2)", test_cases=cases, language=judge0.PYTHON
)
assert [result.status for result in results] == [Status.ACCEPTED, Status.ACCEPTED, Status.WRONG_ANSWER], results
assert results[2].stdout == "14\n"

# A batch of programs that end in every way.
programs = {
    "print(1": Status.COMPILATION_ERROR,
    "1 / 0": Status.RUNTIME_ERROR_NZEC,
    "import os; os.kill(os.getpid(), 11)": Status.RUNTIME_ERROR_SIGSEGV,
    "import os; os.abort()": Status.RUNTIME_ERROR_SIGABRT,
    "while True: pass": Status.TIME_LIMIT_EXCEEDED,
    "print(2)": Status.ACCEPTED,
}
submissions = [
    Submission(source_code=source, language=100, cpu_time_limit=0.5, wall_time_limit=5) for source in programs
]
results = judge0.run(client=client, submissions=submissions)
assert [result.status for result in results] == list(programs.values()), results
assert "SyntaxError" in results[0].compile_output, results[0]
assert "ZeroDivisionError" in results[1].stderr and results[1].exit_code == 1, results[1]
assert results[2].exit_signal == 11, results[2]

# Files beside the program, and arguments.
files = Filesystem(content=[File(name="data/x.txt", content="from a file"), File(name="other.py", content="y = 3")])
program = "import sys, other\nprint(open('data/x.txt').read(), other.y, sys.argv[1:])"
result = judge0.run(
    client=client,
    source_code=program,
    additional_files=files,
    command_line_arguments="-a 'b c'",
    number_of_runs=2,
    memory_limit=262144,
)
assert result.stdout == "from a file 3 ['-a', 'b c']\n", result

# Submitted now, asked about later.
submission = judge0.async_run(client=client, source_code="print(3)")
assert submission.token is not None
assert judge0.wait(client=client, submissions=submission).stdout == "3\n"

print("passed")
