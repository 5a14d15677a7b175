

# Objects of the other end of the wire, as this end sees them.

# These would end loops and interpreters of the tests instead of failing them.
NEVER_RAISED = {"StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt"}

# Other names with two underscores are looked up by tools that look at every object.
ASKED_OF_NAMES = ("__name__", "__qualname__", "__annotations__", "__version__", "__author__", "__all__")

# Whether exceptions like SystemExit are caught by who asks.
EXITS = [False]

# Classes of exceptions of the other end, by the name that they have there.
errors = {}


def is_asked(name):
    """Whether the other end is asked for an attribute that this one does not know."""
    if name in ASKED_OF_NAMES:
        return True
    return not name.startswith("_pytest") and not (name.startswith("__") and name.endswith("__"))


def answer(wire, name, *args, **kwargs):
    """What the other end says, or the exception that it raised."""
    try:
        return wire.ask(name, *args, **kwargs)
    except Claimed as claimed:
        error = error_of(claimed, wire.class_raised)
    except NoData as reason:
        # It was not asked, so no exception of this end may look like its own.
        wire.end(str(reason), Unproven)
    raise error


class Foreign:
    """An object of the other end that is no data, known by a number, and by a path where it has one."""

    def __init__(self, wire, number, path=None, about=None):
        vars(self).update(_wire=wire, _number=number, _process=wire.process, _path=path)
        vars(self).update(_about=about or {}, _is_derived=False)

    def _address(self):
        if self._number is not None and self._process == self._wire.process:
            return {"$held": self._number}
        if self._path is None:
            self._wire.end("the object ended with the process that held it")
        return {"$path": self._path}

    def _ask(self, name, *args, **kwargs):
        return answer(self._wire, name, self, *args, **kwargs)

    def __getattr__(self, name):
        if not is_asked(name):
            raise AttributeError(name)
        found = self._wire.attribute(self, name)
        if isinstance(found, Foreign) and self._path is not None:
            vars(found)["_path"] = [*self._path, name]
        return found

    def __setattr__(self, name, value):
        self._ask("setattr", name, value)

    def __delattr__(self, name):
        self._ask("delattr", name)

    def __call__(self, *args, **kwargs):
        return self._ask("call", *args, **kwargs)

    def __next__(self):
        try:
            return self._wire.ask("next", self)
        except Claimed as claimed:
            error = StopIteration() if claimed.line[0] == "StopIteration" else error_of(claimed, self._wire.class_raised)
        raise error

    def __iter__(self):
        return self._wire.iterated(self)

    def __contains__(self, item):
        return self._wire.contains(self, item)

    def __exit__(self, _kind, raised, trace):
        told = raised and [line_of_error(type(raised)), self._wire.told_of(raised)[0]]
        is_swallowed = self._ask("leave", told)
        return is_swallowed and raised is not None and self._wire.may_swallow(raised, trace)

    def __mro_entries__(self, _bases):
        self._wire.end("a class of the program cannot be the base of a class of the tests: two boxes", Unproven)

    def __instancecheck__(self, value):
        return self._judge("isinstance", value)

    def __subclasscheck__(self, kind):
        return self._judge("issubclass", kind)

    def _judge(self, name, value):
        try:
            return self._wire.ask(name, value, self) is True
        except (Claimed, NoData):
            return False

    def __copy__(self):
        return self._ask("copy")

    def __deepcopy__(self, _memo):
        return self._ask("deepcopy")

    def __reduce_ex__(self, _protocol):
        self._wire.end("an object of the program cannot be pickled outside of its box", Unproven)

    __hash__ = object.__hash__


class ForeignCoroutine(Foreign):
    """Runs to its end when it is awaited, at the other end."""

    def __await__(self):
        return self._ask("run_coroutine")
        yield

    def send(self, _value):
        raise StopIteration(self._ask("run_coroutine"))

    def __next__(self):
        return self.send(None)

    def throw(self, error, *_rest):
        raise error

    def close(self):
        pass


def asking(name, is_reflected=False):
    def ask(self, *args):
        if is_reflected:
            return answer(self._wire, name, *args, self)
        return self._ask(name, *args)

    return ask


def comparing(name):
    return lambda self, other: self._wire.compare(name, self, other)


def give_operators():
    unary = "int float complex index bytes str repr len reversed round format dir".split()
    for name in UNARY + unary + "getitem setitem delitem enter".split():
        setattr(Foreign, f"__{name}__", asking(name))
    for name in BINARY:
        setattr(Foreign, f"__{name}__", asking(name))
        setattr(Foreign, f"__r{name}__", asking(name, is_reflected=True))
    for name in COMPARISONS:
        setattr(Foreign, f"__{name}__", comparing(name))
    Foreign.__bool__ = lambda self: self._wire.compare("bool", self)
    # It is an attribute of every class, and says nothing of the object.
    Foreign.__doc__ = property(lambda self: self._ask("getattr", "__doc__"))


def foreign(wire, number, about):
    kind = about.get("is")
    if kind == "exception":
        return wire.class_named(about["line"])
    found = (ForeignCoroutine if kind == "coroutine" else Foreign)(wire, number, about=about)
    wire.noticed(found)
    return found


def error_class(line):
    """A class of exceptions that stands for one of the other end, below those of Python that are above it."""
    import builtins

    name, full, above = line
    if full == f"builtins.{name}":
        known = vars(builtins).get(name)
        is_raised = isinstance(known, type) and issubclass(known, BaseException) and name not in NEVER_RAISED
        return known if is_raised else RuntimeError
    if full not in errors:
        bases = tuple(dict.fromkeys(error_class(each) for each in above)) or (Exception,)
        members = {"__getattr__": attribute_of, "__module__": full.rpartition(".")[0]}
        try:
            errors[full] = type(name, bases, members)
        except TypeError:
            # Bases that do not go together here.
            errors[full] = type(name, bases[:1], members)
    return errors[full]


def attribute_of(error, name):
    origin = vars(error).get("_origin")
    if name.startswith("_") or not isinstance(origin, Foreign):
        raise AttributeError(name)
    return getattr(origin, name)


def error_of(claimed, class_of=error_class):
    """The exception that the other end says it raised."""
    reply = claimed.reply
    try:
        origin = decode(reply.get("error"))
        kind = class_of(claimed.line)
        args = [decode(arg) for arg in reply.get("args", [claimed.message])]
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        origin, kind, args = None, RuntimeError, [claimed.message]
    if not (issubclass(kind, Exception) or EXITS[0]):
        kind = RuntimeError
    if isinstance(origin, Refused):
        origin.wire.end("the program does with an object of the tests what it may not do", Unproven)
    if isinstance(origin, BaseException):
        # This end raised it, in what the other end called.
        return origin
    error = instance_of(kind, args, claimed.message)
    vars(error).update(_origin=origin, _is_claimed=True)
    return error


def is_shown_by_asking(value):
    """Whether text of a value would have to be asked for."""
    if type(value) is dict:
        return any(map(is_shown_by_asking, (*value, *value.values())))
    if type(value) in (list, tuple, set, frozenset):
        return any(map(is_shown_by_asking, value))
    return isinstance(value, Foreign)


def shown(kind, message):
    """A class like `kind` whose exceptions have a text of their own: who reports them asks the other end for nothing."""
    members = {
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__str__": lambda _error: message,
        "__repr__": lambda _error: f"{kind.__name__}({message!r})",
    }
    return type(kind.__name__, (kind,), members)


def instance_of(kind, args, message):
    """One that reads as the other end says, as far as its class makes such."""
    if any(map(is_shown_by_asking, args)):
        kind = shown(kind, message)
    made = []
    for given in (args, [message]):
        try:
            made.append(kind(*given))
        except (TypeError, ValueError):
            # Some want more than a message, such as UnicodeDecodeError.
            continue
    alike = [error for error in made if str(error) == message]
    return [*alike, *made, RuntimeError(message)][0]


give_operators()
