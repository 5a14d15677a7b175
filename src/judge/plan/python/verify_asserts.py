

# Runs the asserts of a test where the submission cannot reach. Names that they do not define are functions of the
# submission, which runs in a box of its own and is asked over standard input and output. Exit code 42 says that all
# held, 43 that one did not, and every other one that the test itself is wrong.

# An answer, in bytes, at most.
ANSWER = 1 << 20

MESSAGE = 1000

ACCEPTED, REJECTED = 42, 43


class Ended(Exception):
    """The submission answers no more."""


class Missing(Ended):
    """The submission has no such name."""


class Claimed(Exception):
    """What the submission says that it raised."""

    def __init__(self, classes, message):
        super().__init__(message)
        self.classes = [name for name in classes if type(name) is str]
        self.message = message


class Wire:
    def __init__(self):
        # Why the submission answers no more, which asserts that catch every exception must not hide.
        self.over = None
        self.answers, self.requests = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)

    def ask(self, request, args=()):
        try:
            return self.answer(request, args)
        except Ended as reason:
            self.over = reason
            raise

    def answer(self, request, args):
        try:
            self.requests.write(json.dumps(request, allow_nan=False).encode() + b"\n")
            self.requests.flush()
            line = self.answers.readline(ANSWER)
        except OSError:
            line = b""
        if not line:
            raise Ended("the program ended before it answered")
        if not line.endswith(b"\n"):
            raise Ended(f"the program answered with more than {ANSWER} bytes")
        try:
            return self.taken(json.loads(line), args)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise Ended(f"the program answered with what is no data: {type(error).__name__}") from None

    def taken(self, answer, args):
        if "raised" in answer:
            raise Claimed(answer["raised"], str(decode(answer.get("message", ""))))
        if "missing" in answer:
            raise Missing(f"the program defines no {str(answer['missing'])[:100]}")
        if "no_data" in answer:
            raise Ended(str(answer["no_data"]))
        for arg, changed in zip(args, answer.get("args") or []):
            if changed is not None:
                take_over(arg, decode(changed))
        if "handle" in answer:
            return Handle(self, int(answer["handle"]))
        return decode(answer["value"])


# These would end loops and interpreters of the asserts instead of failing them.
NEVER_RAISED = {"StopIteration", "StopAsyncIteration", "GeneratorExit", "SystemExit", "KeyboardInterrupt"}


def exception_of(claimed):
    """The first class of Python's own that it claims to be of."""
    import builtins

    for name in claimed.classes:
        kind = None if name in NEVER_RAISED else vars(builtins).get(name)
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                return kind(claimed.message)
            except TypeError:
                # One that wants more than a message, such as UnicodeDecodeError.
                continue
    return RuntimeError(claimed.message)


def take_over(arg, changed):
    """A function changes what it is given: so does its other end."""
    if type(arg) is list and type(changed) is list:
        arg[:] = changed
    elif type(arg) in (dict, set) and type(changed) is type(arg):
        arg.clear()
        arg.update(changed)


class Asked:
    """Something of the submission that can be called, known by its name or by a number."""

    def __init__(self, wire, where):
        self._wire, self._where = wire, where

    def __call__(self, *args, **kwargs):
        named = {name: encode(arg) for name, arg in kwargs.items()}
        return self._ask({"do": "call", "args": [encode(arg) for arg in args], "kwargs": named}, args)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._of(name)._ask({"do": "get"})

    def _of(self, name):
        return Asked(self._wire, {**self._where, "path": [*self._where["path"], name]})

    def _ask(self, request, args=()):
        try:
            return self._wire.ask({**self._where, **request}, args)
        except Claimed as claimed:
            raise exception_of(claimed) from None

    def _refuse(self, *_others):
        raise TypeError("an object of the program is no value; only values can be compared")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __hash__ = _refuse


class Handle(Asked):
    """An object of the submission that is no data."""

    def __init__(self, wire, number):
        super().__init__(wire, {"handle": number, "path": []})
        self._number = number

    def __iter__(self):
        return self._ask({"do": "iter"})

    def __next__(self):
        try:
            return self._wire.ask({**self._where, "do": "next"})
        except Claimed as claimed:
            if claimed.classes[:1] == ["StopIteration"]:
                raise StopIteration from None
            raise exception_of(claimed) from None

    def __len__(self):
        try:
            return self._of("__len__")()
        except AttributeError:
            raise TypeError("the object has no length") from None

    def __getitem__(self, key):
        return self._of("__getitem__")(key)

    def __contains__(self, item):
        return self._of("__contains__")(item)


def encode_handle(value, kind, _depth):
    if kind is Handle:
        return {"$handle": value._number}
    raise no_data(kind)


def names_in(code):
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= names_in(constant)
    return names


# How asserts call libraries that they do not import.
USUAL = {"np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas"}


def namespace_of(code, wire, function):
    """What the asserts find: names of Python are Python's, unless it is the function that they are about."""
    import builtins

    names = {"__name__": "tests"}
    for name in sorted(names_in(code) - set(dir(builtins))):
        module = USUAL.get(name, name)
        if module in sys.stdlib_module_names or name in USUAL:
            names[name] = __import__(module)
        else:
            names[name] = named(wire, name)
    if function:
        names[function] = names["candidate"] = Asked(wire, {"path": function.split(".")})
    return names


def named(wire, name):
    """What the submission calls so. What it has not is missed when it is used."""
    asked = Asked(wire, {"path": [name]})
    try:
        return asked._ask({"do": "get"})
    except Missing:
        wire.over = None
        return asked


def line_of(error, source):
    """The assert that failed."""
    trace, number = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<asserts>":
            number = trace.tb_lineno
        trace = trace.tb_next
    lines = source.splitlines()
    return lines[number - 1].strip() if number and number <= len(lines) else ""


def rejected(feedback, message):
    with open(os.path.join(feedback, "teammessage.txt"), "w", errors="replace") as file:
        file.write(message[:MESSAGE])
    return REJECTED


def verify(source, feedback, function):
    wire = Wire()
    try:
        code = compile(source, "<asserts>", "exec", dont_inherit=True)
    except SyntaxError as error:
        print(f"the asserts do not compile: {error}", file=sys.stderr)
        return 1
    try:
        names = namespace_of(code, wire, function)
        exec(code, names)
        if function and isinstance(names.get("check"), type(verify)):
            names["check"](names["candidate"])
        if wire.over:
            raise wire.over
    except Exception as error:
        told = f": {error}" if str(error) else ""
        return rejected(feedback, f"{line_of(error, source)}\n{type(error).__name__}{told}".strip())
    return ACCEPTED


def main():
    ENCODERS["__main__"] = encode_handle
    source, feedback, function = sys.argv[1], sys.argv[3], "".join(sys.argv[4:5])
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    code = verify(text, feedback, function)
    sys.stdout.flush()
    os._exit(code)


main()
