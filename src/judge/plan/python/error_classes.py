

# Classes of exceptions of the other end of the wire. Theirs is what a test makes of one: it is made there.

# These would end loops and interpreters of the tests instead of failing them.
NEVER_RAISED = (StopIteration, StopAsyncIteration, GeneratorExit, KeyboardInterrupt)

# Classes of exceptions of the other end, by the name that they have there.
errors = {}

# Exceptions of these steer the tools that run tests.
STEERING = {"unittest", "bdb", "pdb", "doctest"}

# The docstring of a class as Python has it.
OWN_DOC = type.__dict__["__doc__"].__get__

# What makes and has what a class of these has, at the other end. That of the submission has none.
THERE = {}


class ErrorClass(type):
    """The class of such a class."""

    __doc__ = property(lambda kind: getattr(THERE[kind], "__doc__") if kind in THERE else OWN_DOC(kind))

    def __call__(kind, /, *args, **kwargs):
        there = THERE.get(kind)
        if there is not None:
            return there._assize_ask("construct", *args, **kwargs)
        above = next((THERE[each] for each in kind.__mro__ if each in THERE), None)
        if above is not None:
            above._assize_wire.end(NO_BASE, Unproven)
        return type.__call__(kind, *args, **kwargs)

    def __getattribute__(kind, name):
        if name in CLAIMED_OF_CLASSES and kind in THERE:
            wire = THERE[kind]._assize_wire
            if wire.is_own(sys._getframe(1).f_code.co_filename):
                wire.looks()
        return type.__getattribute__(kind, name)

    def __getattr__(kind, name):
        there = THERE.get(kind)
        if there is None or not is_asked(name):
            raise AttributeError(f"type object {kind.__name__!r} has no attribute {name!r}")
        return getattr(there, name)

    def __setattr__(kind, name, value):
        there = THERE.get(kind) if is_asked(name) else None
        setattr(there, name, value) if there is not None else type.__setattr__(kind, name, value)

    def __delattr__(kind, name):
        there = THERE.get(kind) if is_asked(name) else None
        delattr(there, name) if there is not None else type.__delattr__(kind, name)


def origin_of(error):
    origin = vars(error).get("_origin")
    return origin if is_foreign(origin) else None


def attribute_of(error, name):
    origin = origin_of(error)
    if name.startswith("_") or origin is None:
        raise AttributeError(name)
    return getattr(origin, name)


def set_attribute_of(error, name, value):
    origin = origin_of(error)
    if name.startswith("_") or origin is None or type(error) not in THERE:
        return object.__setattr__(error, name, value)
    setattr(origin, name, value)
    set_slot(error, name, value)


def set_slot(error, name, value):
    """An attribute that Python's own class has is looked up here, where nothing else is asked for it."""
    slot = slots_of(type(error)).get(name)
    if slot is None or type(value) not in SIMPLE:
        return
    try:
        slot.__set__(error, value)
    except (AttributeError, OverflowError, TypeError, ValueError):
        # It cannot be set, or not so.
        return


def class_of_python(error):
    """The first class of Python's own above its class."""
    return next(each for each in type(error).__mro__ if not isinstance(each, ErrorClass))


def text_of_error(error):
    message = vars(error).get("_message")
    return class_of_python(error).__str__(error) if message is None else message


def repr_of_error(error):
    if any(map(is_shown_by_asking, error.args)):
        return f"{type(error).__name__}({vars(error).get('_message', '')!r})"
    return class_of_python(error).__repr__(error)


MEMBERS = {
    "__getattr__": attribute_of,
    "__setattr__": set_attribute_of,
    "__str__": text_of_error,
    "__repr__": repr_of_error,
    "__doc__": property(lambda error: type(error).__doc__),
}


def there(value):
    """What a tool that looks into a value has to be told instead of it."""
    if isinstance(value, ErrorClass):
        return THERE.get(value)
    return value if is_foreign(value) else None


def error_class(line):
    """A class of exceptions that stands for one of the other end, below those of Python that are above it."""
    import builtins

    # What a class says that it is called has nothing to do with its full name.
    name, full, above = line
    module, _, known_as = full.rpartition(".")
    if module == "builtins":
        known = vars(builtins).get(known_as)
        return known if is_raised_here(known, BaseException) else RuntimeError
    known = of_library(full)
    if known is not None:
        return known
    if full not in errors:
        bases = tuple(dict.fromkeys(error_class(each) for each in above)) or (Exception,)
        members = {**MEMBERS, "__module__": module}
        try:
            errors[full] = type.__new__(ErrorClass, name, bases, members)
        except TypeError:
            # Bases that do not go together here.
            errors[full] = type.__new__(ErrorClass, name, bases[:1], members)
    return errors[full]


def of_library(full):
    """The exception of Python's library that has this full name, where its module is in use here."""
    module, _, name = full.rpartition(".")
    if module.partition(".")[0] not in sys.stdlib_module_names - STEERING - {"builtins"}:
        return None
    known = vars(sys.modules[module]).get(name) if module in sys.modules else None
    is_found = is_raised_here(known, Exception) and known.__module__.partition(".")[0] not in STEERING
    return known if is_found else None


def is_raised_here(known, above):
    """Whether it is a class of exceptions that this end raises for the other one."""
    return isinstance(known, type) and issubclass(known, above) and not issubclass(known, NEVER_RAISED)


def find_there(wire, line, number=None, name=None):
    """A class of exceptions of the program has a number there, or is found under its name."""
    kind = error_class(line)
    if not isinstance(kind, ErrorClass):
        return
    if kind not in THERE:
        THERE[kind] = called(wire, [name or line[0]])
        for above in line[2]:
            find_there(wire, above)
    if number is not None:
        keep(THERE[kind], _assize_number=number, _assize_process=wire.process, _assize_about={"classes": [line[0]]})
