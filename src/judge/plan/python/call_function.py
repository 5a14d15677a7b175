

# Calls a function of the submission, and leaves what it returns as data. Nothing here is trusted: it runs beside the
# submission, which can claim any value and never learns which one is expected.

import time

HERE = os.path.dirname(os.path.abspath(__file__))
CALL = "assize_call.json"
REPORT = "assize_report.json"


def open_report(place, flags=0):
    path = os.path.join(place, REPORT)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | flags, 0o600)


def report(place, content):
    data, file = JSON.encode(content).encode(), open_report(place)
    while data:
        data = data[os.write(file, data) :]
    os.close(file)


# What the interpreter takes for the classes above one, whatever its own class says.
MRO_OF = type.__dict__["__mro__"].__get__

# Python's own types, and what makes a value of them of one of a class below, without any method of that.
PLAIN = ((str, str.__str__), (int, int.__index__), (float, float.__float__))


def plain_of(value, kind):
    """A named tuple counts as its items, and a member of an enumeration of numbers or texts as that, as they do for
    Python's `==`. No other value of a class below Python's own does."""
    above = MRO_OF(kind)
    if tuple in above and any("_fields" in vars(each) for each in above):
        return tuple(tuple.__iter__(value))
    enum = sys.modules.get("enum")
    if enum is None or enum.Enum not in above:
        return None
    return next((plain(value) for each, plain in PLAIN if each in above), None)


COUNTED_AS.append(plain_of)


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
        function = find(module, asked["call"], asked["method_first"])
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
    os.write(report, JSON.encode(line).encode() + b"\n")


def tell_in_fork(*call):
    child = os.fork()
    if child == 0:
        try:
            tell_call(*call)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def make_calls(place, asked):
    try:
        module = load(asked["calls"][0]["entry"])
    except BaseException as error:
        return error
    report = open_report(place, os.O_APPEND)
    printed = Printed()
    tell = tell_in_fork if asked["forks"] else tell_call
    # Else a fork would copy what it only collects. A program that names the module is not forked itself (`zygote.py`).
    __import__("gc").freeze()
    for index, call in enumerate(asked["calls"]):
        tell(report, index, module, call, printed)
    return None


def answer(place):
    """Does what is asked in a directory, and gives the exception that it ended with."""
    asked = json.loads(content_of(os.path.join(place, CALL)))
    if "calls" in asked:
        return make_calls(place, asked)
    try:
        module = load(asked["entry"])
    except BaseException as error:
        return error
    said, error = make_call(module, asked)
    if said is not None:
        report(place, said)
    return error


# What is called in a rehearsal.
REHEARSED = "assize_rehearsal"


def rehearse():
    """All of a call, with a program of one function, for a zygote (`zygote.py`)."""
    place = os.path.join(HERE, REHEARSED)
    try:
        os.mkdir(place)
    except FileExistsError:
        return  # A file of the submission.
    entry = os.path.join(place, REHEARSED)
    asked = {"entry": entry, "call": "same", "args": [[1, "a"]], "kwargs": {}, "method_first": False, "report_args": False}
    contents = {entry: "def same(value):\n    return value\n", os.path.join(place, CALL): json.dumps(asked)}
    try:
        for path, content in contents.items():
            with open(path, "w") as file:
                file.write(content)
        error = answer(place)
    finally:
        vars(sys)["modules"].pop(REHEARSED, None)
        for name in os.listdir(place):
            os.unlink(os.path.join(place, name))
        os.rmdir(place)
    if error is not None:
        raise error


def main():
    error = answer(HERE)
    return end_process() if error is None else failed(error)


main()
