

# Runs the asserts of a test where the submission cannot reach. Names that they do not define are functions of the
# submission, which runs in a box of its own and is asked over standard input and output. Exit code 42 says that all
# held, 43 that one did not, and every other one that the test itself is wrong.

MESSAGE = 1000

ACCEPTED, REJECTED = 42, 43


class Asserts(Proving):
    """The end of the asserts. An object of the submission is no value here, and is compared with nothing."""

    def __init__(self):
        answers, requests = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)

        def send(data):
            try:
                requests.write(data + b"\n")
                requests.flush()
            except OSError:
                self.end("the program ended before it answered")

        super().__init__(lambda: self.line(answers), send)

    def line(self, answers):
        line = answers.readline(MESSAGE_BYTES)
        if line and not line.endswith(b"\n"):
            self.end(f"the program answered with more than {MESSAGE_BYTES} bytes")
        return line

    def may(self, name, args):
        return name == "call" and id(args[0]) in self.numbers

    def holds(self, value, kind):
        return kind in (type(names_in), type(len)) or issubclass(kind, BaseException)

    def is_own(self, path):
        return path == "<asserts>"

    def compare(self, name, first, *others):
        # What it raises may be what the asserts are about.
        if name not in ("bool", "eq", "ne"):
            first._ask(name, *others)
        self.refuse("an object of the program is no value; only values can be compared")

    def noticed(self, found):
        pass


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
        names[function] = names["candidate"] = Foreign(wire, None, function.split("."))
    return names


def named(wire, name):
    """What the submission calls so. What it has not is missed when it is used."""
    asked = Foreign(wire, None, [name])
    try:
        found = asked._ask("same")
    except Missing:
        wire.over = None
        return asked
    wire.name_class(name, found)
    return found


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
    wire = Asserts()
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
    except BaseException as error:
        told = f": {error}" if str(error) else ""
        return rejected(feedback, f"{line_of(error, source)}\n{type(error).__name__}{told}".strip())
    return ACCEPTED


def main():
    source, feedback, function = sys.argv[1], sys.argv[3], "".join(sys.argv[4:5])
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    code = verify(text, feedback, function)
    sys.stdout.flush()
    os._exit(code)


main()
