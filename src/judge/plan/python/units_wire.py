

# The end of unit tests: what the tests import is the submission, over the wire.

import importlib.abc
import importlib.machinery
import types


class Units(Wire):
    """Each line of this program's output is a request for the submission, or a word to the judge."""

    def __init__(self, strict):
        self.answers, self.words = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        super().__init__(self.line, lambda data: self.write(b">%d %s" % (self.process, data)))
        self.strict = strict
        # Values of the submission that were looked at, which may be why a test fails.
        self.looked, self.saw_values = 0, False
        # What of the tests holds objects of the submission for longer than a test takes.
        self.keepers, self.keeper = set(), None

    def write(self, data):
        self.words.write(data + b"\n")
        self.words.flush()

    def tell(self, **word):
        self.write(b"!" + json.dumps(word).encode())

    def line(self):
        """What the process of the last request says. What one before it said comes too late."""
        while line := self.answers.readline():
            number, _, said = line[1:].partition(b" ")
            if int(number) == self.process:
                return said if line.startswith(b"<") else self.ended(said)
        return b""

    def ended(self, reason):
        """The judge says that the process has ended: the next request starts another one."""
        self.forget()
        self.end(reason.decode().strip())

    def forget(self):
        self.process += 1
        self.asked = 0
        self.held, self.numbers = [], {}

    def fresh(self):
        """Whatever the submission has left behind is gone."""
        self.over = None
        if self.asked and not self.keepers:
            self.forget()
            self.tell(fresh=True)

    def looked_at_collection(self):
        """Whether the tests, while they were collected, saw more of the submission than names of functions."""
        return "collection" in self.keepers or self.saw_values

    def noticed(self, found):
        """An object that has no name lives as long as its process."""

    def ask(self, name, *args, **kwargs):
        if self.keeper is not None and name != "same":
            self.keepers.add(self.keeper)
        self.looked += 1
        return super().ask(name, *args, **kwargs)

    def print(self, text):
        if text:
            sys.stdout.write(text)

    def reply(self, request):
        # It is the program that asks here, which may be why collecting fails.
        self.saw_values |= self.keeper == "collection"
        if request.get("do") == "print":
            self.print(str(decode(request["args"][0])))
            return {"value": None}
        return super().reply(request)

    def compare(self, name, first, *others):
        other = others[0] if others else None
        if name == "bool":
            return first._ask("bool")
        if self.strict and (isinstance(other, Foreign) or name not in ("eq", "ne")):
            raise TypeError(
                "an object of the program is no value: its attributes can be compared, or the program may compare "
                "objects (strict = false)"
            )
        if self.strict:
            return name == "ne"
        try:
            return first._ask(name, *others)
        except NoData:
            return NotImplemented

    def holds(self, value, kind):
        return issubclass(kind, (*CALLED, *ITERATED, *VIEWED, BaseException)) or is_of_tests(value, kind)

    def may(self, name, args):
        target = args[0] if args else None
        if id(target) not in self.numbers or isinstance(target, BaseException):
            return False
        if isinstance(target, ITERATED):
            return name in ("iter", "next")
        if isinstance(target, CALLED):
            return name in ("call", "bool", "eq", "ne")
        if isinstance(target, VIEWED):
            return name in ("iter", "len", "getitem", "contains", "reversed", "bool", "eq", "ne")
        is_named = name in ("getattr", "setattr", "delattr")
        return not (is_named and str(args[1]).startswith("_")) and name not in ("run_coroutine", "public_names", "dir")


# What the submission may call, where the tests hand it over, and what it may iterate over. It sees nothing else of them.
CALLED = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    type,
)
VIEWED = (range, type({}.keys()), type({}.values()), type({}.items()))
ITERATED = (types.GeneratorType, type(iter([])), type(iter(())), type(iter(range(0))), map, filter, zip)


def is_of_tests(value, kind):
    """A stand-in that the tests made: the submission may use what is public of it."""
    import functools
    import io
    from unittest import mock

    source = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    is_own = source.startswith(os.getcwd() + os.sep)
    return is_own or isinstance(value, (mock.NonCallableMock, io.StringIO, io.BytesIO, functools.partial))


class ProgramModule(types.ModuleType):
    """What the tests import."""

    def __getattr__(self, name):
        wire = vars(self)["_wire"]
        if name == "__all__":
            return self._public(sys._getframe(1).f_globals)
        if name.startswith(("__", "_pytest")):
            raise AttributeError(name)
        asked = Foreign(wire, None, [name])
        before = wire.over
        try:
            found = asked._ask("same")
        except Missing:
            wire.over = before
            if is_import(sys._getframe(1)):
                return asked
            raise AttributeError(f"the program defines no {name}") from None
        except Ended:
            # Each test that uses it meets that again.
            wire.over = before
            return asked
        except Exception:
            # So it does with what the program makes of being asked for a name.
            wire.saw_values = True
            return asked
        if isinstance(found, Foreign):
            vars(found)["_path"] = [name]
        else:
            wire.saw_values = True
        return found

    def __setattr__(self, name, value):
        if name.startswith("__"):
            return super().__setattr__(name, value)
        return self._module._ask("setattr", name, value)

    def __delattr__(self, name):
        return self._module._ask("delattr", name)

    @property
    def _module(self):
        return Foreign(vars(self)["_wire"], None, [])

    def _public(self, importing):
        """For `import *`: what the tests have already under a name stays theirs."""
        import builtins

        names = self._module._ask("public_names")
        taken = {*importing, *vars(builtins), *sys.stdlib_module_names, "pytest"}
        return [name for name in names if type(name) is str and name not in taken]


def is_import(frame):
    """Whether the frame is at a `from ... import`, which must not fail a whole module of tests."""
    import dis

    return dis.opname[frame.f_code.co_code[frame.f_lasti]] == "IMPORT_FROM"


class ProgramFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the submission under the names that the tests import it by."""

    def __init__(self, wire, names):
        self.wire, self.names = wire, names

    def find_spec(self, name, _path=None, _target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in self.names else None

    def create_module(self, spec):
        module = ProgramModule(spec.name)
        vars(module)["_wire"] = self.wire
        return module

    def exec_module(self, module):
        pass
