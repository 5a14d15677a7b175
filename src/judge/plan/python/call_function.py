

# Calls a function of the submission, and leaves what it returns as data. Nothing here is trusted: it runs beside the
# submission, which can claim any value and never learns which one is expected.

import time

HERE = os.path.dirname(os.path.abspath(__file__))
CALL = os.path.join(HERE, "assize_call.json")
REPORT = os.path.join(HERE, "assize_report.json")


def report(content):
    data = json.dumps(content, allow_nan=False).encode()
    with open(os.open(REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)


def outcome(value, args):
    try:
        content = {"value": encode(value)}
        if args is not None:
            content["args"] = [encode(arg) for arg in args]
    except NoData as reason:
        return {"no_data": str(reason)}
    return content


def make_call(module, asked):
    """What is said of a call, and the exception that it ended with."""
    args = [decode(arg) for arg in asked["args"]]
    kwargs = {name: decode(arg) for name, arg in asked["kwargs"].items()}
    try:
        function = find(module, asked["call"])
    except BaseException as error:
        return None, error
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        return {"raised": names_of(type(error)), "message": encode_text(str(error))}, error
    return outcome(value, args if asked["report_args"] else None), None


# Several calls in one process, or each in a fork of one. What is said of each is a line of the report. A call of which
# nothing is said is made once more, by itself.

# More of a call's output is left to a process of its own.
PRINTED = 1 << 16


class Printed:
    """The standard streams, which are files for the time of a call."""

    def __init__(self):
        self.kept = [os.dup(1), os.dup(2)]
        self.files = [os.open(f"assize_{name}", os.O_RDWR | os.O_CREAT, 0o600) for name in ("stdout", "stderr")]

    def begin(self):
        for number, file in enumerate(self.files, 1):
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
            os.dup2(file, number)

    def end(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass  # The program has put something else there.
        for number, kept in enumerate(self.kept, 1):
            os.dup2(kept, number)
        found = [os.pread(file, PRINTED + 1, 0) for file in self.files]
        if max(map(len, found)) > PRINTED:
            return None
        return [text.decode(errors="replace") for text in found]


def tell_call(report, index, module, asked, printed):
    before, began = time.process_time_ns(), time.perf_counter_ns()
    printed.begin()
    said, error = make_call(module, asked)
    if error is not None:
        show(error)
    texts = printed.end()
    after, ended = time.process_time_ns(), time.perf_counter_ns()
    if texts is None:
        return
    line = {
        "index": index,
        "cpu_us": (after - before) // 1000,
        "wall_us": (ended - began) // 1000,
        "code": 0 if error is None else 1,
        "stdout": texts[0],
        "stderr": texts[1],
        "report": said,
    }
    os.write(report, json.dumps(line, allow_nan=False).encode() + b"\n")


def tell_in_fork(*call):
    child = os.fork()
    if child == 0:
        try:
            tell_call(*call)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def make_calls(asked):
    try:
        module = load(asked["calls"][0]["entry"])
    except BaseException as error:
        return failed(error)
    report = os.open(REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    printed = Printed()
    tell = tell_in_fork if asked["forks"] else tell_call
    # Else a fork would copy what it only collects. A program that names the module is not forked itself (`zygote.py`).
    __import__("gc").freeze()
    for index, call in enumerate(asked["calls"]):
        tell(report, index, module, call, printed)
    return None


def main():
    with open(CALL, "rb") as file:
        asked = json.load(file)
    if "calls" in asked:
        make_calls(asked)
        return end_process()
    try:
        module = load(asked["entry"])
    except BaseException as error:
        return failed(error)
    said, error = make_call(module, asked)
    if said is not None:
        report(said)
    return end_process() if error is None else failed(error)


main()
