

# Objects of the other end of the wire, as this end sees them.

# These would end loops and interpreters of the tests instead of failing them.
NEVER_RAISED = {"StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt"}

# Other names with two underscores are looked up by tools that look at every object.
ASKED_OF_NAMES = ("__name__", "__qualname__", "__annotations__", "__version__", "__author__", "__all__")

# Whether exceptions like SystemExit are caught by who asks.
EXITS = [False]

# Classes of exceptions of the other end, by the name that they have there.
errors = {}


class Foreign:
    """An object of the other end that is no data, known by a number, and by a path where it has one."""

    def __init__(self, wire, number, path=None):
        vars(self).update(_wire=wire, _number=number, _process=wire.process, _path=path, _is_derived=False)

    def _address(self):
        if self._number is not None and self._process == self._wire.process:
            return {"$held": self._number}
        if self._path is None:
            self._wire.end("the object ended with the process that held it")
        return {"$path": self._path}

    def _ask(self, name, *args, **kwargs):
        try:
            return self._wire.ask(name, self, *args, **kwargs)
        except Claimed as claimed:
            error = error_of(claimed)
        raise error

    def __getattr__(self, name):
        is_asked = not name.startswith(("__", "_pytest")) or name in ASKED_OF_NAMES
        if not is_asked:
            raise AttributeError(name)
        found = self._ask("getattr", name)
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
            error = StopIteration() if claimed.line[0] == "StopIteration" else error_of(claimed)
        raise error

    def __exit__(self, _kind, raised, _trace):
        return self._ask("leave", raised and [line_of_error(type(raised)), str(raised)])

    def __mro_entries__(self, _bases):
        raise TypeError("a class of the program cannot be the base of a class of the tests: they run in two boxes")

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
        raise TypeError("an object of the program cannot be pickled here")

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
            try:
                return self._wire.ask(name, *args, self)
            except Claimed as claimed:
                error = error_of(claimed)
            raise error
        return self._ask(name, *args)

    return ask


def comparing(name):
    return lambda self, other: self._wire.compare(name, self, other)


def give_operators():
    unary = "int float complex index bytes str repr len iter reversed round format dir".split()
    for name in UNARY + unary + "getitem setitem delitem contains enter".split():
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
        return error_class(about["line"])
    found = (ForeignCoroutine if kind == "coroutine" else Foreign)(wire, number)
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


def error_of(claimed):
    """The exception that the other end says it raised."""
    reply = claimed.reply
    try:
        origin = decode(reply.get("error"))
        kind = error_class(claimed.line)
        args = [decode(arg) for arg in reply.get("args", [claimed.message])]
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        origin, kind, args = None, RuntimeError, [claimed.message]
    if not (issubclass(kind, Exception) or EXITS[0]):
        kind = RuntimeError
    if isinstance(origin, BaseException):
        # This end raised it, in what the other end called.
        return origin
    error = instance_of(kind, args, claimed.message)
    vars(error).update(_origin=origin, _is_claimed=True)
    return error


def instance_of(kind, args, message):
    """One that reads as the other end says, as far as its class makes such."""
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
