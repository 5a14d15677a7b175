

# Runs the asserts of a test where the submission cannot reach. Names that they do not define are functions of the
# submission, which runs in a box of its own and is asked over standard input and output. Exit code 42 says that all
# held, 43 that one did not, and 44 that the test itself is wrong, which standard error says how.

import __future__
import builtins

MESSAGE = 1000

ACCEPTED, REJECTED, WRONG = 42, 43, 44

# Has `compile` make the tree only (`ast.PyCF_ONLY_AST`).
ONLY_TREE = 1 << 10

# Set in the flags of the code of functions (`inspect.CO_OPTIMIZED`), and not in that of classes.
OPTIMIZED = 1

NOTHING_ASKED = (
    "the asserts came to their end and asked the program for nothing, so that every program would pass; they have to use "
    "a function or a value of it"
)


# The module that the asserts are, as their classes say, and its file, as their code says.
TESTS, ASSERTS = "tests", "<asserts>"

# What the submission may only call.
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)


def may_use_attribute(name, target, attribute):
    """The submission changes what an object holds, such as the next one of a list, and not what it does."""
    if type(attribute) is not str or attribute.startswith("_"):
        return False
    return name == "getattr" or not callable(getattr(type(target), attribute, None))


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
        target = args[0] if args else None
        if id(target) not in self.numbers or isinstance(target, BaseException):
            return self.asks_of_class(name, args)
        if isinstance(target, FUNCTIONS):
            return name == "call" or name == "getattr" and args[1] in ("__name__", "__qualname__")
        if name in ("getattr", "setattr", "delattr"):
            return may_use_attribute(name, target, args[1])
        return name not in NOT_OF_TESTS

    def holds(self, value, kind):
        if issubclass(kind, type):
            return value.__module__ == TESTS
        return kind in FUNCTIONS or kind.__module__ == TESTS or issubclass(kind, BaseException)

    def is_own(self, path):
        return path == ASSERTS

    def compare(self, name, first, *others):
        if name == "bool":
            return first._assize_ask("bool")
        found = settled(name, first, *others)
        if found is not NotImplemented:
            return found
        # What it raises may be what the asserts are about.
        if name not in ("eq", "ne"):
            first._assize_ask(name, *others)
        self.refuse("an object of the program is no value; only values can be compared")


class Names(dict):
    """What the asserts find: names of Python are Python's, unless it is the function that they are about. A name that has
    no other meaning is looked up when it is read first, and is then the submission's."""

    def __init__(self, code, wire, function):
        super().__init__(__name__=TESTS, __annotations__={})
        # Data classes look for the module of a class there.
        module = sys.modules[TESTS] = types.ModuleType(TESTS)
        module.__file__ = ASSERTS
        self.wire, self.code = wire, code
        # How often the asserts came to something that asserts, and what failed in cases of unittest.
        self.ran, self.failures = 0, []
        self[RAN] = self.count
        self.update(judges(wire))
        # Those of the submission that were read, and those of them that it does not have.
        self.read, self.missed = set(), []
        if function:
            self[function] = self["candidate"] = called(wire, [function])
        self.holders = read_as_holders(code)
        # The names of classes say what may be asked of their objects, which may come before the class is named.
        self.known = {name: self.named(name) for name in sorted(loaded(code)) if name[:1].isupper() and self.is_free(name)}
        # In the body of a class Python looks names up in another way.
        for name in sorted(filter(self.is_free, loaded_in_classes(code))):
            self.look_up(name)

    def count(self):
        self.ran += 1

    def is_free(self, name):
        return name not in self and name not in vars(builtins) and not (name.startswith("__") and name.endswith("__"))

    def __missing__(self, name):
        if not self.is_free(name):
            raise KeyError(name)
        try:
            found = self.look_up(name)
        except KeyError:
            # Python would take it for a name that nobody has. The submission raised it, and does when the name is used.
            self.read.add(name)
            found = self[name] = called(self.wire, [name])
            return found
        if is_foreign(found) and found._assize_number is None:
            self.missed.append(name)
        return found

    def look_up(self, name):
        found = self.module(name)
        if found is None:
            found = self.known[name] if name in self.known else self.named(name)
            self.read.add(name)
        self[name] = found
        return found

    def module(self, name):
        """A module of Python, where an attribute of it is read. What is called, or handed on, is the submission's."""
        return module_of_library(name) if name in self.holders else None

    def why_missed(self):
        return f"the program defines no {self.missed[0]}"

    def named(self, name):
        """What the submission calls so. What it has not is missed when it is used."""
        asked, before = called(self.wire, [name]), self.wire.over
        try:
            found = asked._assize_ask("same")
        except Missing:
            self.wire.over = before
            return asked
        self.wire.name_class(name, found, self.code)
        return found


def loaded_in_classes(code):
    """Names that the bodies of classes read, and do not define."""
    names = set()
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= loaded_in_classes(constant)
            if not constant.co_flags & OPTIMIZED:
                names |= names_of(constant, "LOAD_NAME") - names_of(constant, "STORE_NAME")
    return names - names_of(code, "STORE_NAME") - names_of(code, "STORE_GLOBAL")


def loaded(code):
    """Names that are looked up outside of what the asserts define themselves."""
    names = names_of(code, "LOAD_NAME") | names_of(code, "LOAD_GLOBAL")
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= loaded(constant)
    return names - names_of(code, "STORE_NAME")


def names_of(code, name):
    return {each.argval for each in dis.get_instructions(code) if each.opname == name}


def place_of_fault(error):
    """The line of the asserts that failed."""
    trace, number = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == ASSERTS:
            number = trace.tb_lineno
        trace = trace.tb_next
    return number


def line_of(number, source):
    lines = source.splitlines()
    return lines[number - 1].strip() if number and number <= len(lines) else ""


def told(error):
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def say(feedback, name, message):
    with open(os.path.join(feedback, name), "w", errors="replace") as file:
        file.write(message[:MESSAGE])


def wrong(feedback, reason):
    say(feedback, "judgemessage.txt", reason)
    return WRONG


def is_of_asserts(error, code, names):
    """Whether an exception would come whatever the program does."""
    wire = names.wire
    if wire.over or isinstance(error, Ended) or due_to_program(error):
        return False
    if isinstance(error, ImportError):
        return True
    if isinstance(error, AttributeError) and isinstance(error.obj, types.ModuleType) and error.name in names_in(code):
        return True
    if wire.asked or wire.values or names.missed:
        return False
    return not (names.read if isinstance(error, AssertionError) else is_given_foreign(wire, error))


class Started(types.ModuleType):
    """The asserts as the program that is started, for what looks into that, such as `unittest.main`."""

    def __init__(self, names):
        super().__init__(STARTED)
        self._names = names

    def __getattr__(self, name):
        if name in self._names:
            return self._names[name]
        raise AttributeError(name)

    def __dir__(self):
        return list(self._names)


def start(names):
    sys.argv[:] = [ASSERTS]
    sys.modules[STARTED] = Started(names)


def imports_unittest(tree):
    names = (each.name for node in within(tree) if isinstance(node, (_ast.Import, _ast.ImportFrom)) for each in node.names)
    modules = (node.module or "" for node in within(tree) if isinstance(node, _ast.ImportFrom))
    return any(name.partition(".")[0] == "unittest" for name in (*names, *modules))


def watch_results(failures):
    """What runs cases of unittest says by itself that one has failed, and goes on."""
    from unittest.result import TestResult

    def noting(run):
        def note(result, test, *given):
            error = next((each for each in given[-1:] if type(each) is tuple), None)
            if run.__name__ != "addSubTest" or error is not None:
                failures.append(AssertionError(f"{test} was expected to fail") if error is None else error[1])
            return run(result, test, *given)

        return note

    for name in ("addError", "addFailure", "addSubTest", "addUnexpectedSuccess"):
        setattr(TestResult, name, noting(getattr(TestResult, name)))


def run(code, names, function, says):
    try:
        exec(code, names)
    except SystemExit as ended:
        # As at the end of a program that is started.
        if names.failures or ended.code not in (None, 0) or due_to_program(ended) or not names.ran:
            raise (names.failures or [ended])[0]
    if function and isinstance(names.get("check"), type(run)):
        said = names["check"](names["candidate"])
        if says:
            take_word(names.wire, said)
    if names.missed:
        names.wire.end(names.why_missed(), Missing)
    if names.wire.over:
        raise names.wire.over
    if names.failures:
        raise names.failures[0]


def take_word(wire, said):
    """Of a `check` without asserts, which says by what it returns whether all is right."""
    if is_foreign(said):
        wire.refuse("an object of the program is no value, and check has returned one")
    if type(said).__name__ not in ("bool", "bool_") or not said:
        raise AssertionError(f"check has returned {said!r}")


def compiled(text, flags=0):
    # What annotations name is not looked up.
    return compile(text, ASSERTS, "exec", flags | __future__.annotations.compiler_flag, dont_inherit=True)


def verify(source, feedback, function):
    wire, names = Asserts(), None
    try:
        tree = compiled(source, ONLY_TREE)
        asserting = prepare(tree)
        code = compiled(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return wrong(feedback, f"the asserts do not compile: {told(error)}")
    says = [] if asserting else returned(tree, "check")
    if function and any(map(is_no_word, says)):
        return wrong(feedback, "check asserts nothing, and returns what is neither True nor False: every program would pass")
    try:
        names = Names(code, wire, function)
        start(names)
        if imports_unittest(tree):
            watch_results(names.failures)
        run(code, names, function, bool(says))
    except BaseException as error:
        number = place_of_fault(error)
        line = line_of(number, source)
        if names is not None and is_of_asserts(error, code, names):
            place = f"line {number}, {line}: " if number else ""
            return wrong(feedback, f"{place}{told(error)}, whatever the program does")
        if names is not None and names.missed and isinstance(error, Unproven):
            error = Missing(names.why_missed())
        say(feedback, "teammessage.txt", f"{line}\n{told(error)}".strip())
        return REJECTED
    if not (wire.asked or names.read):
        return wrong(feedback, NOTHING_ASKED)
    if names.ran or not asserting:
        return ACCEPTED
    if unused := uncalled(tree, asserting, function and "check"):
        return wrong(feedback, f"none of the asserts was run, since nothing calls {', '.join(unused)}: every program would pass")
    say(feedback, "teammessage.txt", "none of the asserts was run")
    return REJECTED


def main():
    source, feedback, function = sys.argv[1], sys.argv[3], "".join(sys.argv[4:5])
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    code = verify(text, feedback, function)
    sys.stdout.flush()
    os._exit(code)


main()
