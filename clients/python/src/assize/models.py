"""The documents of the service. Written by generate.py from docs/openapi.json: change neither by hand."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from assize._bases import OpenEnum, FunctionalBase, JudgementBase, PayloadBase, RunResultBase, SubmissionStateBase
from assize._values import DataBase
from uuid import UUID


class CallOptions(BaseModel):
    """How calls are made."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    processes: CallProcesses | None = None
    """Which processes they are made in."""


class CallProcesses(OpenEnum):
    """Which processes calls are made in."""

    each = "each"
    """Each in one of its own, that imports the program."""

    forks = "forks"
    """Each in a fork of one that has imported the program."""

    one = "one"
    """All in one, so that a call sees what those before it left."""


class Compare(BaseModel):
    """How what a function returns is compared."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    mode: CompareMode | None = None
    """What counts as equal."""

    rel: Annotated[float | None, Field(ge=0.0)] = None
    """For `approximate`: by how much a number may differ, times what was expected."""

    abs: Annotated[float | None, Field(ge=0.0)] = None
    """For `approximate`: by how much a number may differ in itself."""

    tuples_are_lists: bool | None = None
    """A tuple counts as the list of its items."""


class CompareMode(OpenEnum):
    """What counts as equal."""

    exact = "exact"
    """As Python's `==`; NaN equals NaN."""

    approximate = "approximate"
    """The same, but numbers may differ by the larger of `abs` and `rel` times what was expected."""

    set = "set"
    """The same items, in any order and however often."""

    multiset = "multiset"
    """The same items as often, in any order."""

    validator = "validator"
    """The output validator of the problem package decides. For tests of packages only."""


class Data(DataBase):
    root: Any
    """A value: JSON, with tags such as {"$tuple": [1, 2]} for what JSON has no word for (docs/grading.md)."""


class EnvironmentInfo(BaseModel):
    """What a program finds around it."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Its name in the settings, such as `python3`."""

    digest: str
    """Digest of what the name stood for, such as that of an image."""

    versions: dict[str, str]
    """What is in it with its versions, such as `python` and `numpy`."""


class ErrorDocument(BaseModel):
    """Why a request was not served, as `application/problem+json` (RFC 9457)."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    title: str
    """The status in words."""

    status: Annotated[int, Field(ge=0, le=65535)]
    """The HTTP status."""

    code: str
    """
    Kind of the mistake, for programs: a code of a rejection, or `unauthorized`, `forbidden`, `not_found`, `busy`,
    `unavailable`, `too_many_requests`, `callback_url`, `not_kept`, `timeout`, `media_type`, `method`, `host`,
    `package`, `cannot_keep`.
    """

    field: str | None = None
    """Path of the offending field."""

    detail: str
    """What was wrong and what to do."""

    id: UUID | None = None
    """Id of the submission, where it is about one."""


class Excerpt(BaseModel):
    """A piece of text out of a longer one. Bytes that are no UTF-8 are shown as U+FFFD."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    text: str
    """What is shown."""

    bytes: Annotated[int, Field(ge=0)]
    """Length of the whole, in bytes."""

    truncated: bool
    """The whole is longer than what is shown."""


class FetchFile(BaseModel):
    """A file that a program may leave behind."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    path: Annotated[str, Field(max_length=255, min_length=1)]
    """Relative path with `/` between its parts."""

    max_bytes: Annotated[int | None, Field(ge=1)] = None
    """How much of it is wanted, in bytes; clamped to the judge's ceiling."""


class FetchedFile(BaseModel):
    """What a program left behind at a path."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    path: str
    """The path that was asked for."""

    content: Payload | None = None
    """The regular file that was there; absent where there was none."""


class FigureSource(OpenEnum):
    """Where a figure was counted."""

    cgroup = "cgroup"
    """The control group of the box: everything in it."""

    rusage = "rusage"
    """The processes that ended and were waited for (`getrusage(2)`)."""


class FigureSources(BaseModel):
    """Where figures come from."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    cpu: FigureSource
    """Of CPU times."""

    memory: FigureSource
    """Of memory peaks."""

    starvation: bool
    """Whether `starved_ms` of tests can be measured. Without it a busy host can use up a wall limit."""


class FileMessage(BaseModel):
    """A source file on the wire. Exactly one of `content` and `content_base64` is given."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    name: Annotated[str, Field(max_length=255, min_length=1)]
    """Relative path with `/` between its parts, of which there are at most 33."""

    content: str | None = None
    """The text of the file."""

    content_base64: str | None = None
    """The bytes of the file in base64 (RFC 4648, section 4), for a file that is not UTF-8."""


class Functional(FunctionalBase):
    """Calls of one function in the form of APPS, TACO and LiveCodeBench. A tuple counts as the list of its items."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    fn_name: Annotated[str, Field(max_length=255, min_length=1)]
    """The function, as in `call` of a test."""

    inputs: Annotated[list[Data], Field(min_length=1)]
    """What each call is given: a list of arguments, or a text with one of them as JSON on each line."""

    outputs: list[Data]
    """What each call has to return: a value, or for an input that is a text the JSON of one as text."""


class GroupVerdict(BaseModel):
    """The verdict on a test group of a scoring problem."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Path of the group, such as `secret/group1`."""

    verdict: Verdict
    """Its verdict."""

    score: float | None
    """Its points."""


class InlineTest(BaseModel):
    """
    A test that comes with the submission. It is shown in the verdict like a sample. With `call` it calls a function of
    the program, with `asserts` it is code that uses the program's functions, else it runs the program. All tests of a
    submission are of one kind.
    """

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    name: Annotated[str | None, Field(max_length=255, min_length=1)] = None
    """Name in the verdict, like no other test's; without it its number, from 1."""

    input: str | None = None
    """Standard input. A call can do without."""

    answer: str | None = None
    """Expected standard output. Without it any output is accepted."""

    call: Annotated[str | None, Field(max_length=255, min_length=1)] = None
    """
    The function to call, such as `add`, or a method as in `Solution.add`, for which a `Solution()` is made. The
    function of a name that the program does not define is looked for in its class `Solution`.
    """

    asserts: str | None = None
    """
    Code in Python that asserts something of the program's functions, in a box that the program cannot reach. With
    `call` the function of this name is also called `candidate`, and a function `check` of the code is called with it.
    """

    args: list[Data] | None = None
    """What it is called with."""

    kwargs: dict[str, Data] | None = None
    """What it is called with by name."""

    expect: Data | None = None
    """What it has to return. One of `expect`, `expect_args` and `raises` is given with a `call`."""

    expect_args: list[Data] | None = None
    """What has to have become of `args` when it returns."""

    raises: Annotated[str | None, Field(max_length=255, min_length=1)] = None
    """Name of the exception that it has to raise, or of a class above it."""

    compare: Compare | None = None
    """How what it returns is compared."""


class Judgement(JudgementBase):
    """The verdict on a submission."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    type: Literal["assize.verdict.v1"]
    """Always `assize.verdict.v1`."""

    verdict_id: UUID
    """Identifies this document: the `message_id` under which it is published, each time the same."""

    id: UUID
    """Id of the submission."""

    attempt: Annotated[int | None, Field(ge=0)] = None
    """
    Which attempt at the submission came to this verdict, from 1; absent where attempts are not counted, without a
    database.
    """

    rejudge: UUID | None = None
    """The request to judge once more that it answers."""

    verdict: Verdict
    """The verdict."""

    score: float | None
    """Points, for a scoring problem."""

    message: str | None
    """
    What is to be said about the verdict as a whole: the compiler's message, which limit was exceeded by how much, or
    why the judge failed.
    """

    language: str
    """Language of the submission."""

    problem: ProblemRef | None
    """The problem with the revision that was judged; absent when the tests came with the submission."""

    tests: list[TestVerdict]
    """One entry per test, in order."""

    groups: list[GroupVerdict] | None = None
    """One entry per test group of a scoring problem, parents before their children."""

    totals: Totals
    """Sums over the tests."""

    limits: Limits
    """Limits under which each test ran."""

    security: list[SecurityFinding] | None = None
    """Security findings, for those who watch for attacks. They do not change the verdict."""

    worker: WorkerInfo
    """The worker that judged."""

    sandbox: SandboxInfo
    """In what it was judged."""

    received_at: AwareDatetime
    """When the worker took the submission."""

    started_at: AwareDatetime | None = None
    """When its first box was given to it; absent where it got none."""

    judged_at: AwareDatetime
    """When the verdict was reached."""

    metadata: dict[str, Any] | None = None
    """Free data of the submission."""


class KeptProblem(BaseModel):
    """A problem whose package is kept."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    problem: ProblemInfo
    """The problem, with the revision that was made of the archive."""

    warnings: list[str]
    """What is odd about the package."""


class LanguageInfo(BaseModel):
    """A language."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Its name in submissions."""

    default: bool
    """It is the one of submissions that name none."""

    extensions: list[str]
    """Extensions of its source files, without the dot."""

    entry_point: str
    """File that is started where nothing else is said."""

    environment: str
    """Environment that its programs run in."""

    versions: dict[str, str] | None = None
    """What is in that environment with its versions: what the settings record, or a program that ran in it has shown."""

    libraries: list[str]
    """Libraries that start fast when a program imports them."""


class LimitKind(OpenEnum):
    """A limit that a test exceeded."""

    cpu = "cpu"
    """`cpu_ms`: CPU time."""

    wall = "wall"
    """`wall_ms`: time on the wall."""

    memory = "memory"
    """`memory_bytes`."""

    output = "output"
    """`output_bytes`."""


class Limits(BaseModel):
    """Limits of one test as they are enforced, and as the verdict reports them."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    cpu_ms: Annotated[int, Field(ge=0)]
    """CPU time of all processes of the test, in milliseconds."""

    wall_ms: Annotated[int, Field(ge=0)]
    """Time on the wall, in milliseconds."""

    memory_bytes: Annotated[int, Field(ge=0)]
    """Memory of all processes of the test, in bytes."""

    output_bytes: Annotated[int, Field(ge=0)]
    """Standard output, in bytes; standard error has a cap of the same size."""

    processes: Annotated[int, Field(ge=0)]
    """Processes and threads at once."""


class Payload(PayloadBase):
    """Bytes that a program made. Exactly one of `text` and `base64` is there."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    text: str | None = None
    """The bytes, which are UTF-8."""

    base64: str | None = None
    """The bytes in base64 (RFC 4648, section 4), where they are no UTF-8 or hold very many control characters."""

    bytes: Annotated[int, Field(ge=0)]
    """Length of the whole, in bytes, as far as it was read."""

    truncated: bool
    """The whole is longer than what is shown."""


class ProblemInfo(BaseModel):
    """A problem."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: str
    """Its id in submissions."""

    title: str
    """Its name for people."""

    revision: str
    """The newest revision."""

    tests: Annotated[int, Field(ge=0)]
    """Its tests."""

    scoring: bool
    """Whether submissions get a score."""

    interactive: bool
    """Whether submissions talk with a validator."""

    tested_by: ProblemTests
    """What its tests are."""


class ProblemList(BaseModel):
    """Ids of problems, in order."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    problems: list[str]
    """The ids."""


class ProblemRef(BaseModel):
    """A problem of the worker's problem store."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: Annotated[str, Field(max_length=255)]
    """Its short name."""

    revision: Annotated[str | None, Field(max_length=255)] = None
    """The revision that is wanted; without it the newest that the worker finds."""


class ProblemRejudgeAccepted(BaseModel):
    """Submissions of a problem that are judged once more."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    problem: str
    """Id of the problem."""

    rejudge: UUID
    """The request: the new verdicts name it in `rejudge`. Until then those before are shown."""

    submissions: Annotated[int, Field(ge=0)]
    """How many submissions are judged once more by this call."""

    not_kept: Annotated[int, Field(ge=0)]
    """How many are not, since their programs are not kept any longer, or not so that this version can read them."""

    not_sent: list[UUID] | None = None
    """Those that could not be sent now. Where none could, the call is refused."""

    not_sent_reason: str | None = None
    """Why one of them was not sent, and what to do about all of them; absent where there are none."""

    next: str | None = None
    """The `cursor` of the call that goes on; absent when there are no more."""


class ProblemTests(OpenEnum):
    """What the tests of a problem are."""

    inputs = "inputs"
    """Inputs of a program, each with what it has to print."""

    functions = "functions"
    """Calls of functions of the program, or asserts about them."""

    unit_tests = "unit_tests"
    """Modules for pytest."""


class Progress(BaseModel):
    """One test has finished. Progress is advice: it may be lost, and each attempt at a submission starts from zero."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    type: Literal["assize.progress.v1"]
    id: UUID
    """Id of the submission."""

    test: str
    """Name of the test that has finished."""

    verdict: Verdict
    """Its verdict."""

    cpu_ms: Annotated[int, Field(ge=0)]
    """Its CPU time, in milliseconds."""

    finished: Annotated[int, Field(ge=0)]
    """Tests finished so far, this one included."""

    tests: Annotated[int, Field(ge=0)]
    """Tests of the problem."""

    stage: ProgressStage | None = None
    """
    What is done now, where no test has finished yet: `finished` is 0 then, `test` empty and `verdict` SK. It is told of a
    submission that a compiler is started for, and of one at which another attempt begins.
    """

    attempt: Annotated[int | None, Field(ge=0)] = None
    """
    Which attempt at the submission this is of, from 1: what comes of an attempt before the newest one is late. Absent
    where attempts are not counted, without a database.
    """

    rejudge: UUID | None = None
    """The request to judge once more that is judged, if it is one."""

    at: AwareDatetime
    """When."""


class ProgressStage(OpenEnum):
    """What is done with a submission before its first test has finished."""

    compiling = "compiling"
    """A compiler makes a program of it, or looks whether it compiles."""

    running = "running"
    """It compiles, and its tests are run."""


class PytestOptions(BaseModel):
    """How unit tests see the program."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    module: Annotated[str | None, Field(max_length=255, min_length=1)] = None
    """The module that the tests import the program as; without it `solution`, and the name of its file."""

    strict: bool | None = None
    """
    Whether only values can be equal, which is the default: an object of the program equals no value and is compared
    with no other. Without it the program says whether its objects are equal.
    """


class QueueState(BaseModel):
    """A queue of RabbitMQ."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Its name."""

    purpose: str
    """What it is for, in a word, such as `work`, `bulk`, `later` or `dead`."""

    waiting: Annotated[int | None, Field(ge=0)] = None
    """Messages that wait in it; absent: there is no such queue."""

    consumers: Annotated[int | None, Field(ge=0)] = None
    """Who consumes it."""


class Rejection(BaseModel):
    """Says why a message was not judged. A copy of the message is kept for a while, for operators."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    type: Literal["assize.rejection.v1"]
    id: UUID | None
    """Id of the submission, where it could be read."""

    code: RejectionCode
    """Kind of the mistake, for programs."""

    field: str | None
    """Path of the offending field, such as `files[0].name`; absent when it is the message as a whole."""

    reason: str
    """What was wrong and what is expected, for people."""

    worker: str
    """Worker that says so."""

    rejected_at: AwareDatetime
    """When."""


class RejectionCode(OpenEnum):
    """Kind of a mistake in a message."""

    not_json = "not_json"
    """The body is no JSON text."""

    unknown_type = "unknown_type"
    """`type` is none that this worker knows."""

    schema = "schema"
    """A field is missing, unknown, given twice or of the wrong type."""

    too_large = "too_large"
    """Something is larger than allowed."""

    file_name = "file_name"
    """A file name that is not a safe relative path, or is given twice."""

    entry_point = "entry_point"
    """No file to start."""

    limits = "limits"
    """A limit that makes no sense."""

    unknown_language = "unknown_language"
    """The worker is not configured for this language."""

    unknown_problem = "unknown_problem"
    """The worker does not know this problem, or not this revision."""

    unknown_test_set = "unknown_test_set"
    """There is no test set of this name, or it is not kept any longer."""

    id_conflict = "id_conflict"
    """A submission with this id and another content was sent before."""


class RejudgeAccepted(BaseModel):
    """A submission that is judged once more."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: UUID
    """Its id."""

    rejudge: UUID
    """The request: the new verdict names it in `rejudge`. Until then the one before is shown."""


class RequestedLimits(BaseModel):
    """Limits that a submission requests. What is absent is decided by the problem or the worker."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    cpu_ms: Annotated[int | None, Field(ge=1)] = None
    """CPU time per test, in milliseconds."""

    wall_ms: Annotated[int | None, Field(ge=1)] = None
    """Time on the wall per test, in milliseconds."""

    memory_bytes: Annotated[int | None, Field(ge=16777216)] = None
    """Memory, in bytes."""

    output_bytes: Annotated[int | None, Field(ge=1)] = None
    """Standard output, in bytes."""

    processes: Annotated[int | None, Field(ge=1)] = None
    """Processes and threads at once."""


class RunInputMessage(BaseModel):
    """What a program is started with. At most one of `stdin` and `stdin_base64` is given."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    name: Annotated[str | None, Field(max_length=255, min_length=1)] = None
    """Name in the result, like no other's; without it its number, from 1."""

    stdin: str | None = None
    """Standard input, as text."""

    stdin_base64: str | None = None
    """Standard input, in base64 (RFC 4648, section 4)."""

    args: list[str] | None = None
    """Arguments of the program."""

    files: list[FileMessage] | None = None
    """Files that lie beside the program in this run only, none with the name of a file of the program."""


class RunMessage(BaseModel):
    """A request to run a program and to give back what it prints, instead of judging it."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    inputs: Annotated[list[RunInputMessage] | None, Field(min_length=1)] = None
    """What the program is started with, once for each; without it once, with empty standard input."""

    fetch: list[FetchFile] | None = None
    """Files to fetch after each run."""

    keep_s: Annotated[int | None, Field(ge=0, le=3153600000)] = None
    """
    How long program and result are kept behind the result, in seconds, where they are stored; without it as long as
    every other submission.
    """


class RunReport(BaseModel):
    """One run."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Name of the input, else its number, from 1."""

    status: RunStatus
    """How it ended."""

    limit: LimitKind | None = None
    """The limit that was exceeded, where the status is `TLE`, `MLE` or `OLE`."""

    message: str | None = None
    """A sentence with what was used of that limit, and the limit."""

    cpu_ms: Annotated[int, Field(ge=0)]
    """CPU time of all processes, in milliseconds."""

    wall_ms: Annotated[int, Field(ge=0)]
    """Time on the wall, in milliseconds."""

    starved_ms: Annotated[int | None, Field(ge=0)] = None
    """
    As much of `wall_ms` as the program was ready to run while the host gave its CPUs to others, in milliseconds. It does
    not count against the wall limit. Absent where it cannot be measured.
    """

    memory_bytes: Annotated[int, Field(ge=0)]
    """Peak memory, in bytes."""

    exit_code: int | None
    """Exit code, unless a signal ended it."""

    signal: str | None
    """Name of the signal that ended it, such as `SIGSEGV`."""

    stdout: Payload
    """Standard output."""

    stderr: Payload
    """Standard error. Where it is longer than the judge keeps, its middle is left out."""

    files: list[FetchedFile] | None = None
    """What was found of the files to fetch, in their order."""


class RunRequest(BaseModel):
    """A program that is to be run at once. The fields of one input stand beside those of the program."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    language: str | None = None
    """Name of a language; without it that of the setting `judge.default_language`."""

    source: str | None = None
    """The program as text, instead of `files`."""

    files: list[FileMessage] | None = None
    """The files of the program, and those that lie beside it."""

    entry_point: str | None = None
    """Name of the file to start; without it `main.py`, else the only Python file."""

    stdin: str | None = None
    """Standard input, as text."""

    stdin_base64: str | None = None
    """Standard input, in base64."""

    args: list[str] | None = None
    """Arguments of the program."""

    inputs: list[RunInputMessage] | None = None
    """Several inputs, instead of `stdin`, `stdin_base64` and `args`."""

    fetch: list[FetchFile] | None = None
    """Files to fetch after each run."""

    keep_s: Annotated[int | None, Field(ge=0, le=3153600000)] = None
    """How long program and result are kept behind the result, in seconds; without it as long as every other submission."""

    limits: RequestedLimits | None = None
    """Limits of each run, clamped to the ceiling."""

    metadata: dict[str, Any] | None = None
    """Free data, echoed back."""


class RunResult(RunResultBase):
    """What became of a program that was only run."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    type: Literal["assize.result.v1"]
    """Always `assize.result.v1`."""

    result_id: UUID
    """Identifies this document: the `message_id` under which it is published, each time the same."""

    id: UUID
    """Id of the submission."""

    attempt: Annotated[int | None, Field(ge=0)] = None
    """Which attempt at the submission came to this result, from 1; absent where attempts are not counted."""

    rejudge: UUID | None = None
    """The request to run once more that it answers."""

    status: RunStatus
    """How the first run ended that did not end well; `OK` when all did."""

    message: str | None
    """What is to be said about it: the compiler's message, the limit that was exceeded, or why the judge failed."""

    language: str
    """Language of the program."""

    runs: list[RunReport]
    """One entry per input, in order. Empty when the program did not compile or was not run."""

    limits: Limits
    """Limits of each run."""

    security: list[SecurityFinding] | None = None
    """Security findings, for those who watch for attacks."""

    worker: WorkerInfo
    """Who ran it."""

    sandbox: SandboxInfo
    """In what it was run."""

    received_at: AwareDatetime
    """When the worker took the submission."""

    started_at: AwareDatetime | None = None
    """When its first box was given to it; absent where it got none."""

    finished_at: AwareDatetime
    """When the last run had ended."""

    metadata: dict[str, Any] | None = None
    """Free data of the submission."""


class RunStatus(OpenEnum):
    """How a program ended."""

    OK = "OK"
    """It ended with exit code 0, within its limits."""

    TLE = "TLE"
    """Time limit exceeded, on the CPU or on the wall."""

    MLE = "MLE"
    """Memory limit exceeded."""

    OLE = "OLE"
    """Output limit exceeded."""

    RTE = "RTE"
    """Run-time error: another exit code than 0, or killed by a signal."""

    CE = "CE"
    """Does not compile."""

    SV = "SV"
    """Security violation: killed by seccomp."""

    JE = "JE"
    """Judge error. Never the fault of the program."""

    CANCELLED = "CANCELLED"
    """It was cancelled."""


class SandboxInfo(BaseModel):
    """In what a submission was judged, so that a verdict can be explained a year later."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    backend: str
    """What made the boxes, such as `docker`."""

    runtime: str
    """The program that walls a box in, such as `runc`."""

    filter: str | None = None
    """SHA-256 of the backend's filter of system calls, such as `sha256:4beab6…`; absent where it has none."""

    kernel: str | None = None
    """Digest of the kernel that boxes have to themselves, such as `sha256:80634c…`; absent where it is the host's."""

    environment: EnvironmentInfo | None = None
    """What the submission's programs found around them; absent where no box was started."""

    figures: FigureSources | None = None
    """Where CPU times and memory peaks come from; absent where no box was started."""


class SecurityFinding(BaseModel):
    """Something that was noticed in the tests of a submission."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    kind: SecurityKind
    """What."""

    severity: SecuritySeverity
    """How much it says about an intent."""

    source: SecuritySource
    """What noticed it."""

    tests: Annotated[int, Field(ge=0)]
    """In how many tests."""

    first_test: str
    """Name of the first one."""

    detail: str
    """What is known of it, such as the call, the path or a number."""

    last_audit_events: list[str] | None = None
    """What the interpreter did last before it was killed, as far as it told."""


class SecurityKind(OpenEnum):
    """Kind of a finding."""

    forbidden_call = "forbidden_call"
    """Seccomp killed the program for a system call that none makes in good faith."""

    tampering = "tampering"
    """The warm interpreter was killed or broken, or the box ended or broke its protocol under the program."""

    network_attempt = "network_attempt"
    """Python was asked for the network."""

    file_attempt = "file_attempt"
    """Python was asked for a file that is none of the program's business."""

    program_attempt = "program_attempt"
    """Python was asked to run another program."""

    process_limit = "process_limit"
    """The kernel refused processes or threads beyond the limit."""

    left_processes = "left_processes"
    """Processes outlived the main one, and were killed."""

    memory_kill = "memory_kill"
    """The kernel killed processes for memory."""

    output_flood = "output_flood"
    """More output than allowed."""

    cpu_limit = "cpu_limit"
    """The CPU limit was used up."""


class SecuritySeverity(OpenEnum):
    """How much a finding says about an intent."""

    notice = "notice"
    """Mistakes of beginners look like this."""

    warning = "warning"
    """Seldom a mistake."""

    alert = "alert"
    """Nothing that a program does in good faith."""


class SecuritySource(OpenEnum):
    """What noticed a finding."""

    kernel = "kernel"
    """The kernel, or the runner: a fact."""

    audit = "audit"
    """Audit hooks inside the interpreter: advice, which the program can avoid and can forge."""


class ServiceStatus(BaseModel):
    """How the service is."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    version: str
    """Version of Assize."""

    standalone: bool
    """Whether it judges by itself, without a broker and a database."""

    slots: Annotated[int | None, Field(ge=0)] = None
    """Submissions that can be judged at once, where that is known."""

    running: Annotated[int | None, Field(ge=0)] = None
    """Submissions that are being judged, where that is known."""

    queued: Annotated[int, Field(ge=0)]
    """Submissions that wait, those that may wait behind others and those that were put off included."""

    capacity: Annotated[int | None, Field(ge=0)] = None
    """Submissions that may wait, where that is bounded."""

    queues: list[QueueState] | None = None
    """The queues, for a token that may read all."""

    workers: list[WorkerState] | None = None
    """The workers, likewise."""


class Stage(OpenEnum):
    """How far a submission has come."""

    queued = "queued"
    """It waits for a slot."""

    compiling = "compiling"
    """A compiler is at work on it. Lists say `running` of it."""

    running = "running"
    """A slot has taken it, and its tests are run."""

    done = "done"
    """It has its answer."""

    rejected = "rejected"
    """It cannot be judged, and why is said."""


class SubmissionPage(BaseModel):
    """Some submissions, the newest first."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    submissions: list[SubmissionSummary]
    """The submissions. There may be fewer than were asked for, or none, although others follow."""

    next: str | None = None
    """The `cursor` of the next page; absent at the end."""


class SubmissionRequest(BaseModel):
    """
    A submission over HTTP: a message of the type `assize.submission.v1` in which `type`, `id` and `language` can be left
    out, and `source` can stand for a single file.
    """

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
    )
    id: UUID | None = None
    """Identifies the submission: the same id is judged once. Without it the service draws one."""

    language: str | None = None
    """Name of a language; without it that of the setting `judge.default_language`."""

    source: str | None = None
    """The program as text, instead of `files`."""

    files: list[FileMessage] | None = None
    """The source files."""

    entry_point: str | None = None
    """Name of the file to start; without it `main.py`, else the only Python file."""

    problem: ProblemRef | None = None
    """
    The problem to judge against. Exactly one of `problem`, `tests`, `test_set`, `asserts`, `functional`,
    `pytest` and `run` is given.
    """

    tests: list[InlineTest] | None = None
    """Tests that the submission brings with it."""

    test_set: Annotated[str | None, Field(pattern="^sha256:[0-9a-f]{64}$")] = None
    """Name of a test set that was uploaded before, whose tests are judged as if they were given in `tests`."""

    asserts: list[str] | None = None
    """Asserts about functions of the program, a test each."""

    functional: Functional | None = None
    """Calls of one function, as data sets for language models write them."""

    call_options: CallOptions | None = None
    """As in a message."""

    pytest: dict[str, str] | None = None
    """Files of unit tests, by their names: modules of tests for pytest, and what lies beside them."""

    pytest_options: PytestOptions | None = None
    """How unit tests see the program."""

    run: RunMessage | None = None
    """The program is not judged: what it prints is the answer."""

    validator_flags: list[str] | None = None
    """Flags of the default output validator for `tests` and `test_set`."""

    limits: RequestedLimits | None = None
    """Limits that replace those of the problem, clamped to the ceiling."""

    stop_on_first_failure: bool | None = None
    """Whether the tests behind the first failing one are skipped; without it the problem decides."""

    metadata: dict[str, Any] | None = None
    """Free data, echoed back."""

    callback_url: str | None = None
    """Where the answer is sent once there is one, signed, with `POST`. Another address under a known id is passed over."""


class SubmissionState(SubmissionStateBase):
    """A submission as it is now."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: UUID
    """Its id."""

    state: Stage
    """How far it has come."""

    place: Annotated[int | None, Field(ge=0)] = None
    """How many submissions that came over HTTP wait before it, where that is known; 10,000 stands for more, too."""

    attempt: Annotated[int | None, Field(ge=0)] = None
    """Which attempt at the submission is under way, from 1, once that is known: `finished` begins anew with each."""

    finished: Annotated[int, Field(ge=0)]
    """Tests that have finished."""

    tests: Annotated[int | None, Field(ge=0)] = None
    """Tests in all, once one has finished."""

    verdict: Judgement | None = None
    """The answer to a program that was judged."""

    result: RunResult | None = None
    """The answer to a program that was only run."""

    rejection: Rejection | None = None
    """Why it is not judged."""


class SubmissionSummary(BaseModel):
    """A submission in a list."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: UUID
    """Its id."""

    site: str
    """The site that handed it in."""

    state: Stage
    """How far it has come."""

    accepted_at: AwareDatetime
    """When it was handed in."""

    language: str | None = None
    """Its language, where that is known still."""

    problem: str | None = None
    """The problem that it is judged against, if it names one."""

    verdict: str | None = None
    """Code of its verdict, such as `AC`; `OK` of a program that was only run and ended well."""

    score: float | None = None
    """Its score, where the problem gives one."""

    metadata: dict[str, Any] | None = None
    """Free data of the submission."""


class TestSetInfo(BaseModel):
    """A test set that is kept."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    test_set: str
    """Its name, which submissions give in `test_set`: the SHA-256 of the bytes that were sent."""

    tests: Annotated[int, Field(ge=0)]
    """Its tests."""

    bytes: Annotated[int, Field(ge=0)]
    """Its size, in bytes of JSON."""


class TestVerdict(BaseModel):
    """The verdict on one test."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    name: str
    """Name of the test, such as `secret/01-small`."""

    sample: bool
    """Whether it is a sample, which contestants may see."""

    verdict: Verdict
    """The verdict."""

    limit: LimitKind | None = None
    """
    The limit that was exceeded, where the verdict is TLE, MLE or OLE; the figures are in `cpu_ms`, `wall_ms` (without
    `starved_ms`) and `memory_bytes`.
    """

    message: str | None = None
    """A sentence with what was used of that limit, and the limit."""

    skip_reason: str | None = None
    """
    Why the tests themselves have skipped it (`SK`), as a skip or an expected failure of unit tests. It is excused: neither
    for nor against the submission. Absent in a test that was not run.
    """

    score: float | None = None
    """Points that the output validator gave."""

    cpu_ms: Annotated[int, Field(ge=0)]
    """CPU time of all processes, in milliseconds."""

    wall_ms: Annotated[int, Field(ge=0)]
    """Time on the wall, in milliseconds."""

    starved_ms: Annotated[int | None, Field(ge=0)] = None
    """
    As much of `wall_ms` as the program was ready to run while the host gave its CPUs to others, in milliseconds. It does
    not count against the wall limit. Absent where it cannot be measured, or nothing ran.
    """

    memory_bytes: Annotated[int, Field(ge=0)]
    """Peak memory, in bytes."""

    exit_code: int | None
    """Exit code, unless a signal ended it or it did not run."""

    signal: str | None
    """Name of the signal that ended it, such as `SIGSEGV`."""

    stdout: Excerpt
    """Start of standard output."""

    value: Excerpt | None = None
    """What the called function returned or raised, as Python writes it; absent where none was called or nothing came back."""

    stderr: Excerpt
    """Standard error, its middle cut out where it is long."""

    checker_message: str | None = None
    """What the output validator says to the contestant."""

    judge_message: str | None = None
    """What the output validator says to judges; of secret tests only where the worker is told to show it."""

    transcript: Excerpt | None = None
    """What submission (`>`) and validator (`<`) of an interactive problem said; shown like `judge_message`."""

    input: Excerpt | None = None
    """Start of the input, or the call; samples only."""

    answer: Excerpt | None = None
    """Start of the expected output, or what is expected of the call; samples only."""


class Totals(BaseModel):
    """Sums over the tests."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    tests: Annotated[int, Field(ge=0)]
    """Tests of the problem."""

    passed: Annotated[int, Field(ge=0)]
    """Those that were accepted."""

    skipped: Annotated[int, Field(ge=0)]
    """Those that were not run."""

    cpu_ms: Annotated[int, Field(ge=0)]
    """CPU time of all tests together, in milliseconds."""

    max_cpu_ms: Annotated[int, Field(ge=0)]
    """CPU time of the slowest test, in milliseconds."""

    max_memory_bytes: Annotated[int, Field(ge=0)]
    """Peak memory of the hungriest test, in bytes."""


class Verdict(OpenEnum):
    """A verdict on a submission or on one test."""

    AC = "AC"
    """Accepted."""

    WA = "WA"
    """Wrong answer."""

    TLE = "TLE"
    """Time limit exceeded, on the CPU or on the wall."""

    MLE = "MLE"
    """Memory limit exceeded."""

    OLE = "OLE"
    """Output limit exceeded."""

    RTE = "RTE"
    """Run-time error: another exit code than 0, or killed by a signal."""

    CE = "CE"
    """Does not compile."""

    SV = "SV"
    """Security violation: killed by seccomp."""

    JE = "JE"
    """Judge error. Never the fault of the submission."""

    SK = "SK"
    """A test that was not run."""

    CANCELLED = "CANCELLED"
    """The submission was cancelled."""


class WorkerInfo(BaseModel):
    """A worker that judged."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: str
    """Configured id of the worker."""

    version: str
    """Version of Assize."""


class WorkerState(BaseModel):
    """A worker, as it said itself a few seconds ago."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
    )
    id: str
    """Its name."""

    version: str
    """Its version of Assize."""

    ready: bool
    """Whether it judges now."""

    slots: Annotated[int, Field(ge=0)]
    """Submissions that it can judge at once."""

    running: Annotated[int, Field(ge=0)]
    """Those that it judges."""

    silent_s: float
    """How long ago it said so, in seconds."""

    waited_s: float | None = None
    """How long the latest submission had waited when it came, in seconds."""

    trouble: str | None = None
    """Why it is not ready."""
