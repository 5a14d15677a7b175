

# The end of unit tests: what the tests import is the submission, over the wire.

import importlib.abc
import importlib.machinery


# Words to the judge, which reads no half of a surrogate pair.
WORDS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# Processes of the submission that may end in one test, or while tests are collected. Each may take all of its time first.
MOST_ENDS = 5


class Units(Proving):
    """Each line of this program's output is a request for the submission, or a word to the judge."""

    def __init__(self, strict):
        self.answers, self.words = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        super().__init__(self.line, lambda data: self.write(b">%d %s" % (self.process, data)))
        self.strict = strict
        # Where the tests lie; one that runs may go elsewhere.
        self.home = os.getcwd() + os.sep
        # Values of the submission that were looked at, which may be why a test fails.
        self.looked, self.saw_values = 0, False
        # What of the tests holds objects of the submission for longer than a test takes.
        self.holders, self.holder = set(), None
        # Modules of the tests with a star import, names of the submission that were read, and whether the tests asked for
        # more than names while they were collected.
        self.stars, self.names_read, self.asked_at_collection = [], set(), False
        # What the tests patch of Python.
        self.patched = Patched()
        # Tests that the submission decorates.
        self.decorated = Decorated(self)
        # Processes that have ended in this test.
        self.ends = 0

    def write(self, data):
        self.words.write(data + b"\n")
        self.words.flush()

    def tell(self, **word):
        self.write(word_of(word))

    def tell_later(self, **word):
        """With what is told or asked next, which comes soon: each write wakes three processes."""
        self.words.write(word_of(word) + b"\n")

    def line(self):
        """What the process of the last request says. What one before it said comes too late."""
        while line := self.answers.readline():
            number, _, said = line[1:].partition(b" ")
            if int(number) == self.process:
                return said if line.startswith(b"<") else self.ended(said)
        return b""

    def ended(self, reason):
        """The judge says that the process has ended: the next request starts another one."""
        self.ends += 1
        self.forget()
        self.end(reason.decode().strip())

    def forget(self):
        self.process += 1
        self.asked = 0
        self.held, self.numbers = [], {}
        self.seen.clear()
        self.classes.clear()
        self.patched.forget()

    def fresh(self):
        """Whatever the submission has left behind is gone."""
        self.over, self.values, self.ends = None, 0, 0
        self.decorated.fresh()
        if self.asked and not self.holders:
            self.forget()

    def looked_at_collection(self):
        """Whether the tests, while they were collected, saw more of the submission than names of functions."""
        return "collection" in self.holders or self.saw_values

    def sees_value(self):
        """What the submission answers may be why collecting fails, or ends the program of the tests."""
        if not self.saw_values:
            self.saw_values = True
            self.tell(answered=True)

    def ask(self, name, /, *args, **kwargs):
        if self.ends >= MOST_ENDS:
            self.end("the program ended too often to be asked again")
        if self.holder is not None and name != "same":
            self.holders.add(self.holder)
            if self.holder == "collection":
                # What comes of it may make the tests that there are.
                self.sees_value()
                self.asked_at_collection |= name != "public_names"
        self.looked += 1
        if name != "same":
            self.tell_patched()
        return super().ask(name, *args, **kwargs)

    def looks(self):
        super().looks()
        self.looked += 1
        if self.holder is not None:
            self.holders.add(self.holder)
        if self.holder == "collection":
            self.sees_value()

    def tell_patched(self):
        for words in self.patched.changes():
            try:
                Wire.ask(self, *words)
            except (Claimed, NoData):
                # It stays as it is there.
                continue

    def print(self, text):
        if text:
            sys.stdout.write(text)

    def reply(self, request):
        # It is the program that asks here, which may be why collecting fails.
        if self.holder == "collection":
            self.sees_value()
        if request.get("do") == "print":
            return self.printed_before(request)
        return super().reply(request)

    def printed_before(self, request):
        try:
            text = decode(request["args"][0])
        except MALFORMED:
            text = None
        if type(text) is not str:
            self.end("the program prints what is no text")
        self.print(text)
        return {"value": None}

    def compare(self, name, first, *others):
        other = others[0] if others else None
        if name == "bool":
            return first._assize_ask("bool")
        found = settled(name, first, other) if self.strict else NotImplemented
        if found is not NotImplemented:
            return found
        if self.strict and (is_foreign(other) or name not in ("eq", "ne")):
            # What it raises may be what the test is about.
            first._assize_ask(name, *others)
            self.refuse(COMPARED)
        if self.strict:
            return name == "ne"
        try:
            encode(other)
        except NoData:
            return NotImplemented
        return first._assize_ask(name, *others)

    def kind_of(self, value, kind):
        if issubclass(kind, (types.FunctionType, types.MethodType, functools.partial, functools._lru_cache_wrapper)):
            return {**described(value), "binds": kind is types.FunctionType}
        if issubclass(kind, ITERATED):
            return {"is": "iterator"}
        is_own = self.is_own(file_of(kind.__module__))
        is_plain_object = is_own and not (is_mock(value) or issubclass(kind, unittest.TestCase))
        return shape_of(kind) if is_plain_object else super().kind_of(value, kind)

    def object_of(self, value, kind):
        if self.holder == "collection" and issubclass(kind, (types.FunctionType, type)):
            value = self.decorated.noticed(value)
        return super().object_of(value, kind)

    def holds(self, value, kind):
        if issubclass(kind, CALLED):
            return may_be_called(value)
        known = (*ITERATED, *VIEWED, types.CoroutineType, BaseException)
        if issubclass(kind, known) or is_stand_in(kind) or kind is object or is_mock(value):
            return True
        return self.is_own(file_of(kind.__module__))

    def is_own(self, path):
        return path.startswith(self.home)

    def may(self, name, args):
        target = args[0] if args else None
        is_handed = id(target) in self.numbers and not isinstance(target, BaseException)
        return is_handed and may_use(name, target, args[1:]) or self.asks_of_class(name, args)


def word_of(word):
    return b"!" + WORDS.encode(word).encode(errors="replace")


# Functions of the library that look into what they are given, which is done where that is.
LOOKING_INTO = {
    "dataclasses": "is_dataclass fields asdict astuple replace",
    "inspect": (
        "signature getdoc isfunction ismethod isgenerator iscoroutine isabstract "
        "iscoroutinefunction isgeneratorfunction isasyncgenfunction isasyncgen"
    ),
    "typing": "get_type_hints",
}


def look_into_there():
    for module, names in LOOKING_INTO.items():
        for name in names.split():
            place = __import__(module)
            setattr(place, name, asking_there(module, name, getattr(place, name)))


def asking_there(module, name, here):
    @functools.wraps(here)
    def ask(*args, **kwargs):
        asked = there(args[0]) if args else None
        if asked is not None:
            return asked._assize_ask("look_into", module, name, *args[1:], **kwargs)
        return here(*args, **kwargs)

    return ask


def is_class_or_function(found):
    return isinstance(found, ForeignClass) or about(found).get("binds") is not None and "__call__" in about(found)["special"]


class ProgramModule(types.ModuleType):
    """What the tests import."""

    def __getattr__(self, name):
        wire = vars(self)["_assize_wire"]
        is_star = is_at_star(sys._getframe(1))
        if name == "__all__" and is_star:
            return self._assize_public(sys._getframe(1))
        if is_star and (module := given_by_star(sys._getframe(1).f_code, name)):
            return module
        if steers_pytest(name) or not is_asked(name) or name in ASKED_OF_NAMES and name != "__all__":
            raise AttributeError(name)
        asked = called(wire, [name])
        wire.names_read.add(name)
        before = wire.over
        try:
            found = asked._assize_ask("same")
        except Missing:
            wire.over = before
            if is_import(sys._getframe(1)):
                return asked
            wire.sees_value()
            raise AttributeError(f"the program defines no {name}") from None
        except Ended:
            # Each test that uses it meets that again.
            wire.over = before
            return asked
        except Exception:
            # So it does with what the program makes of being asked for a name.
            wire.sees_value()
            return asked
        if isinstance(found, type) and issubclass(found, BaseException):
            # A name, as that of any other class.
            return found
        if not is_foreign(found):
            wire.sees_value()
            return written(found, wire, [name])
        keep(found, _assize_path=[name])
        if not is_class_or_function(found):
            # Tests that take it for one of these fail here, where it is asked for nothing.
            wire.sees_value()
        if is_named_at(sys._getframe(1), name):
            wire.name_class(name, found, sys._getframe(1).f_code)
        return found

    def __setattr__(self, name, value):
        if name.startswith("__"):
            return super().__setattr__(name, value)
        return self._assize_module._assize_ask("setattr", name, value)

    def __delattr__(self, name):
        return self._assize_module._assize_ask("delattr", name)

    @property
    def _assize_module(self):
        return called(vars(self)["_assize_wire"], [])

    def __dir__(self):
        return [name for name in self._assize_module._assize_ask("dir") if type(name) is str and not steers_pytest(name)]

    def _assize_public(self, frame):
        """For `import *`: what the tests have already under a name stays theirs, and so does what Python has."""
        names = self._assize_module._assize_ask("public_names")
        taken = {*frame.f_globals, *vars(builtins), "pytest"}
        vars(self)["_assize_wire"].stars.append(frame.f_globals)
        return [name for name in names if type(name) is str and name not in taken and not steers_pytest(name)]


def is_import(frame):
    """Whether the frame is at a `from ... import`, which must not fail a whole module of tests."""
    return operation(frame.f_code, frame.f_lasti) == "IMPORT_FROM"


def is_named_at(frame, name):
    """Whether the tests name it, which a star does not."""
    return not is_at_star(frame) or name in names_in(frame.f_code)


def give_judges(wire):
    """Modules of the tests find `isinstance` and `issubclass` under their names, and what checks a `TestCase` does."""
    given = judges(wire)
    vars(unittest.case).update(given)

    def giving(run):
        @functools.wraps(run)
        def exec_module(loader, module):
            if wire.is_own(getattr(module.__spec__, "origin", None) or ""):
                vars(module).update(given)
            made = run(loader, module)
            if module.__name__ == "unittest.mock":
                watch_mocks(module, wire.patched)
            wire.decorated.put_back(module)
            return made

        return exec_module

    for loader in (importlib.machinery.SourceFileLoader, sys.modules["_pytest.assertion.rewrite"].AssertionRewritingHook):
        loader.exec_module = giving(loader.exec_module)


class ProgramFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the submission under a name that the tests import it by."""

    def __init__(self, wire, name):
        self.wire, self.name = wire, name

    def find_spec(self, name, _path=None, _target=None):
        return importlib.machinery.ModuleSpec(name, self) if name == self.name else None

    def create_module(self, spec):
        module = ProgramModule(spec.name)
        vars(module)["_assize_wire"] = self.wire
        return module

    def exec_module(self, module):
        pass
