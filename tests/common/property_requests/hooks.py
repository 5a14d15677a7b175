"""What schemathesis cannot know of the service: packages of problems, and what a submission needs to be accepted."""

import io
import json
import os
import urllib.request
import zipfile
import zlib

import schemathesis
from hypothesis import strategies as st

FILES = {
    "problem.yaml": b"name: Twice\n",
    "data/secret/1.in": b"1\n",
    "data/secret/1.ans": b"2\n",
    "submissions/accepted/twice.py": b"print(int(input()) * 2)\n",
}

NAMES = st.one_of(
    st.sampled_from([*FILES, "data/sample/1.in", "../x", "/x", "submissions/wrong_answer/one.py", "x/y/z"]),
    st.text(min_size=1, max_size=20).filter(lambda name: name.isprintable()),
)

TARGETS = ["problem", "tests", "test_set", "asserts", "functional", "pytest", "run"]


def archive(files):
    """A zip archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, content in files.items():
            into.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


@st.composite
def packages(draw):
    """A package that can be judged, with files that are changed or come along, and sometimes cut off."""
    files = {**FILES, **draw(st.dictionaries(NAMES, st.binary(max_size=50), max_size=2))}
    packed = archive(files)
    end = draw(st.one_of(st.just(len(packed)), st.integers(0, len(packed))))
    return packed[:end]


schemathesis.openapi.media_type("application/zip", st.one_of(packages(), st.binary(max_size=100)))


def completed(body, targets):
    """A submission that is not refused at once, so that more of its fields are looked at."""
    body = dict(body)
    if ("source" in body) == ("files" in body):
        body.pop("files", None)
        body["source"] = "print(input())"
        body.pop("entry_point", None)
    if "language" in body:
        body["language"] = "python3"
    body.pop("callback_url", None)
    if targets:
        wanted = next((target for target in targets if body.get(target) is not None), "run")
        for target in targets:
            if target != wanted:
                body.pop(target, None)
        body.setdefault(wanted, {})
    return body


def upload_test_set():
    """The id of a test set that the service keeps."""
    request = urllib.request.Request(
        os.environ["ASSIZE_URL"] + "/v1/test-sets",
        data=json.dumps([{"input": "4\n", "answer": "8\n"}]).encode(),
        headers={"Authorization": f"Bearer {os.environ['ASSIZE_TOKEN']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["test_set"]


def checksum(value):
    """The same in each run, unlike `hash`."""
    return zlib.crc32(json.dumps(value, sort_keys=True, default=str).encode())


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names a test set that there is in every second request about one, and completes every third body of what takes
    programs; the others stay as they were made up."""
    if case.operation.path == "/v1/test-sets/{id}" and checksum(case.path_parameters) % 2:
        case.path_parameters = {**case.path_parameters, "id": upload_test_set()}
    targets = {"/v1/run": [], "/v1/submissions": TARGETS}.get(case.operation.path)
    if targets is None or case.operation.method != "post" or not isinstance(case.body, (dict, list)):
        return
    if checksum(case.body) % 3:
        return
    if isinstance(case.body, dict):
        case.body = completed(case.body, targets)
    else:
        case.body = [completed(one, targets) if isinstance(one, dict) else one for one in case.body]
