

# What classes the tests ask for. An object of the submission has here the methods that it has there, and no class of
# Python's: whether it is of one is asked there, by the name of the class.


class NamedClass:
    """A class of Python's or of a library, which the submission has too."""

    def __init__(self, name):
        self.name = name


KINDS.append((NamedClass, lambda value, _depth: {"$class": value.name}))


def name_of_class(kind):
    """The full name by which a class is found, or none."""
    module, name = kind.__module__, kind.__qualname__
    if vars(sys.modules.get(module) or types).get(name) is kind:
        return f"{module}.{name}"
    names = (name for name, each in vars(types).items() if each is kind)
    return next((f"types.{name}" for name in names), None)


def judging(wire, here):
    """`isinstance` or `issubclass`, for what may be of the submission."""
    name = here.__name__

    def judge(value, kind, /):
        if not is_foreign(value):
            return here(value, kind)
        if type(kind) is tuple:
            return any(judge(value, each) for each in kind)
        if isinstance(kind, types.UnionType):
            return any(judge(value, each) for each in kind.__args__)
        there = THERE.get(kind, kind) if isinstance(kind, ErrorClass) else kind
        if is_foreign(there):
            return there._assize_judge(name, value)
        return judge_python(value, kind)

    def judge_python(value, kind):
        kind = kind.__origin__ if type(kind).__name__ == "_SpecialGenericAlias" else kind
        if not isinstance(kind, type) or is_of_tests(wire, kind):
            return judge_here(value, kind)
        full = name_of_class(kind)
        if full is None:
            wire.refuse(f"{name} cannot be asked of an object of the program for the class {kind.__name__}")
        return value._assize_ask("is_of" if here is isinstance else name, NamedClass(full)) is True

    def judge_here(value, kind):
        wanted = getattr(kind, "__protocol_attrs__", None) if getattr(kind, "_is_protocol", False) else None
        return here(value, kind) if wanted is None else all(hasattr(value, each) for each in wanted)

    judge.__name__ = judge.__qualname__ = name
    return judge


def is_of_tests(wire, kind):
    module = sys.modules.get(kind.__module__)
    return module is None or wire.is_own(getattr(module, "__file__", None) or "")


def judges(wire):
    """What the tests find under these names."""
    return {each.__name__: judging(wire, each) for each in (isinstance, issubclass)}
