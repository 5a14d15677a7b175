

# Exceptions of the other end of the wire, as this end raises them.

# Whether exceptions like SystemExit are caught by who asks.
EXITS = [False]


class Told:
    """What the other end says of an exception of its own."""

    def __init__(self, claimed, class_of, depth):
        reply, self.message = claimed.reply, claimed.message
        self.origin, self.kind = decode(reply.get("error")), class_of(claimed.line)
        self.args = [decode(arg) for arg in reply.get("args", [claimed.message])]
        told = {name: decode(value) for name, value in reply.get("attributes", {}).items()}
        shown = {name: each for name, each in told.items() if not is_shown_by_asking(each)}
        self.attributes = {name: each for name, each in shown.items() if not is_hiding(self.kind, name)}
        self.slots = {name: decode(value) for name, value in reply.get("slots", {}).items()}
        self.notes = [note for note in map(decode, reply.get("notes", ())) if type(note) is str]
        self.cause, self.context = (Claimed(reply[name]) if depth and name in reply else None for name in ("cause", "context"))
        self.is_from = bool(reply.get("is_from"))
        self.members = [Claimed(each) for each in reply.get("group", ())[: MEMBERS_TOLD + 1]]
        self.is_cut = bool(self.members) and (not depth or len(self.members) > MEMBERS_TOLD) or bool(reply.get("is_cut"))


def is_hiding(kind, name):
    """Whether an attribute would hide a method of an exception."""
    found = None if isinstance(kind, ErrorClass) else getattr(kind, name, None)
    return name[:1] == "_" or callable(found) or hasattr(type(found), "__get__")


NO_MEANING = {"raised": ["RuntimeError", "builtins.RuntimeError", []]}


def error_of(claimed, class_of=error_class, depth=CHAIN, is_raised=True):
    """The exception that the other end says it raised, or made."""
    try:
        told = Told(claimed, class_of, depth)
    except MALFORMED:
        told = Told(Claimed({**NO_MEANING, "message": claimed.message}), error_class, 0)
    if not (issubclass(told.kind, Exception) or EXITS[0]):
        told.kind = RuntimeError
    if isinstance(told.origin, Refused):
        told.origin.wire.end("the program does with an object of the tests what it may not do", Unproven)
    if isinstance(told.origin, BaseException):
        # This end raised it, in what the other end called.
        return told.origin
    if told.kind is RuntimeError and claimed.line[0] != "RuntimeError" and not told.message:
        told.message = f"the program raised {str(claimed.line[0])[:100]}"
        told.args = [told.message]
    error = group_of(told, class_of, depth) or instance_of(told)
    vars(error).update({"_origin": told.origin, **({"_is_claimed": True} if is_raised else {})})
    for name, value in told.slots.items():
        set_slot(error, name, value)
    tell_why(error, told, class_of, depth)
    for note in told.notes:
        BaseException.add_note(error, note)
    return error


def tell_why(error, told, class_of, depth):
    """What it was raised from, and what was handled then."""
    if told.context is not None:
        error.__context__ = error_of(told.context, class_of, depth - 1)
    if told.cause is not None:
        error.__cause__ = error_of(told.cause, class_of, depth - 1)
        if told.context is None:
            error.__context__ = error.__cause__
    if told.is_from:
        error.__suppress_context__ = True


def group_of(told, class_of, depth):
    """A group of exceptions, which are all built anew."""
    is_group = issubclass(told.kind, ExceptionGroup)
    if is_group and told.is_cut and is_foreign(told.origin):
        reason = f"the program raised a group of more than {MEMBERS_TOLD} exceptions, or of too many levels"
        told.origin._assize_wire.end(reason, Unproven)
    members = [error_of(each, class_of, depth - 1) for each in told.members] if is_group else []
    if not members or not all(isinstance(each, Exception) for each in members):
        return None
    return type.__call__(told.kind, str(told.args[0] if told.args else ""), members)


def is_shown_by_asking(value):
    """Whether text of a value would have to be asked for."""
    if type(value) is dict:
        return any(map(is_shown_by_asking, (*value, *value.values())))
    if type(value) in (list, tuple, set, frozenset):
        return any(map(is_shown_by_asking, value))
    return is_foreign(value)


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
    if isinstance(kind, ErrorClass):
        return instance_of_program(told)
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


def instance_of_program(told):
    """One with the arguments and the text that it has there, for which nothing of its class runs here."""
    for given in (told.args, [told.message], []):
        try:
            error = type.__call__(told.kind, *given)
        except (TypeError, ValueError):
            # Some want more than a message.
            continue
        error.args = tuple(told.args)
        vars(error)["_message"] = told.message
        return error
    return RuntimeError(told.message)


def instance_of_library(told):
    """One for which nothing of the library runs."""
    try:
        error = told.kind.__new__(told.kind, *told.args)
        vars(error).update(told.attributes)
        return error if str(error) == told.message else None
    except MALFORMED:
        return None
