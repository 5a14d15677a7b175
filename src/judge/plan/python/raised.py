

# Exceptions of the other end of the wire, as this end raises them.

# These would end loops and interpreters of the tests instead of failing them.
NEVER_RAISED = {"StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt"}

# Whether exceptions like SystemExit are caught by who asks.
EXITS = [False]

# Classes of exceptions of the other end, by the name that they have there.
errors = {}

# Exceptions of these steer the tools that run tests.
STEERING = {"unittest", "bdb", "pdb", "doctest"}


def error_class(line):
    """A class of exceptions that stands for one of the other end, below those of Python that are above it."""
    import builtins

    name, full, above = line
    if full == f"builtins.{name}":
        known = vars(builtins).get(name)
        is_raised = isinstance(known, type) and issubclass(known, BaseException) and name not in NEVER_RAISED
        return known if is_raised else RuntimeError
    known = of_library(full)
    if known is not None:
        return known
    if full not in errors:
        bases = tuple(dict.fromkeys(error_class(each) for each in above)) or (Exception,)
        members = {"__getattr__": attribute_of, "__module__": full.rpartition(".")[0]}
        try:
            errors[full] = type(name, bases, members)
        except TypeError:
            # Bases that do not go together here.
            errors[full] = type(name, bases[:1], members)
    return errors[full]


def of_library(full):
    """The exception of Python's library that has this full name, where its module is in use here."""
    module, _, name = full.rpartition(".")
    if module.partition(".")[0] not in sys.stdlib_module_names - STEERING:
        return None
    known = vars(sys.modules[module]).get(name) if module in sys.modules else None
    return known if isinstance(known, type) and issubclass(known, Exception) else None


def attribute_of(error, name):
    origin = vars(error).get("_origin")
    if name.startswith("_") or not isinstance(origin, Foreign):
        raise AttributeError(name)
    return getattr(origin, name)


# What reading a message of the other end fails with.
MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Told:
    """What the other end says of an exception of its own."""

    def __init__(self, claimed, class_of, depth):
        reply, self.message = claimed.reply, claimed.message
        self.origin, self.kind = decode(reply.get("error")), class_of(claimed.line)
        self.args = [decode(arg) for arg in reply.get("args", [claimed.message])]
        told = {name: decode(value) for name, value in reply.get("attributes", {}).items()}
        self.attributes = {name: each for name, each in told.items() if not (name[:1] == "_" or is_shown_by_asking(each))}
        self.notes = [note for note in map(decode, reply.get("notes", ())) if type(note) is str]
        self.causes, self.members = ([Claimed(each) for each in some if depth] for some in inside(reply))


def inside(reply):
    """Exceptions that belong to one: what it was raised from, and what it groups."""
    cause = reply.get("cause")
    return [] if cause is None else [cause], reply.get("group", ())[:CHAIN]


def error_of(claimed, class_of=error_class, depth=CHAIN):
    """The exception that the other end says it raised."""
    try:
        told = Told(claimed, class_of, depth)
    except MALFORMED:
        told = Told(Claimed({"raised": ["RuntimeError", "builtins.RuntimeError", []], "message": claimed.message}), error_class, 0)
    if not (issubclass(told.kind, Exception) or EXITS[0]):
        told.kind = RuntimeError
    if isinstance(told.origin, Refused):
        told.origin.wire.end("the program does with an object of the tests what it may not do", Unproven)
    if isinstance(told.origin, BaseException):
        # This end raised it, in what the other end called.
        return told.origin
    error = group_of(told, class_of, depth) or instance_of(told)
    vars(error).update(_origin=told.origin, _is_claimed=True)
    for cause in told.causes:
        error.__cause__ = error_of(cause, class_of, depth - 1)
    for note in told.notes:
        error.add_note(note)
    return error


def group_of(told, class_of, depth):
    """A group of exceptions, which are all built anew."""
    is_group = issubclass(told.kind, ExceptionGroup)
    members = [error_of(each, class_of, depth - 1) for each in told.members] if is_group else []
    if not members or not all(isinstance(each, Exception) for each in members):
        return None
    return told.kind(str(told.args[0] if told.args else ""), members)


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


def instance_of(told):
    """One that reads as the other end says, as far as its class makes such."""
    kind, args, message = told.kind, told.args, told.message
    if any(map(is_shown_by_asking, args)):
        kind = shown(kind, message)
    elif kind.__module__ != "builtins" and of_library(f"{kind.__module__}.{kind.__qualname__}") is kind:
        return instance_of_library(told) or RuntimeError(message)
    made = []
    for given in (args, [message]):
        try:
            made.append(kind(*given))
        except (TypeError, ValueError):
            # Some want more than a message, such as UnicodeDecodeError.
            continue
    alike = [error for error in made if str(error) == message]
    return [*alike, *made, RuntimeError(message)][0]


def instance_of_library(told):
    """One for which nothing of the library runs."""
    try:
        error = told.kind.__new__(told.kind, *told.args)
        vars(error).update(told.attributes)
        return error if str(error) == told.message else None
    except MALFORMED:
        return None
