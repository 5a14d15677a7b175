

# What the submission may do with what the tests hand over. It sees nothing else of them.

import builtins
import collections
import functools
import inspect
import io
import itertools
import operator
import types
import unittest

# What it may call, and what it may iterate over. Whatever can be called and is made of values of the tests is one of these.
CALLED = (
    types.FunctionType,
    functools.partial,
    functools._lru_cache_wrapper,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    operator.attrgetter,
    operator.itemgetter,
    operator.methodcaller,
    type,
)
VIEWED = (range, type({}.keys()), type({}.values()), type({}.items()))
ITERATED = (
    types.GeneratorType,
    *{type(iter(each)) for each in ([], (), range(0), "", "é", b"", set(), {}, {}.values(), {}.items(), range(1 << 70))},
    type(iter(memoryview(b""))),
    *{type(reversed(each)) for each in ([], (), range(0), {}, {}.values(), {}.items())},
    *(map, filter, zip, enumerate),
    *(each for each in vars(itertools).values() if isinstance(each, type)),
)

STAND_INS = (
    *(io.StringIO, io.BytesIO, io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.BufferedRandom),
    *(types.SimpleNamespace, types.MappingProxyType, memoryview, type(library("re").match("", ""))),
    *(collections.ChainMap, collections.UserDict, collections.UserList, collections.UserString),
)

# Others, whose modules take a while to import, by their full names.
STAND_INS_BY_NAME = {"_csv.reader", "_csv.writer", "csv.DictReader", "csv.DictWriter", "array.array", "array.arrayiterator"}


def is_stand_in(kind):
    return issubclass(kind, STAND_INS) or f"{kind.__module__}.{kind.__qualname__}" in STAND_INS_BY_NAME

# Functions of Python's with which the submission could reach what it was not handed.
REACHING = set(
    "eval exec compile open __import__ getattr setattr delattr vars globals locals dir breakpoint input type super "
    "str.format str.format_map object.__getattribute__ type.__getattribute__ operator.attrgetter operator.methodcaller".split()
)

# What names of its own a function has, for those that wrap it, and what else may be done with one.
OF_FUNCTIONS = ("__name__", "__qualname__", "__doc__")
WITH_FUNCTIONS = ("call", "bool", "eq", "ne", "hash")
SHOWING = ("repr", "str", "format")

# Private attributes that the submission has given to objects of the tests, with these.
private = {}


def described(function):
    """What the submission reads of a function without asking: what it takes, and not with which defaults."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {"takes": [[each.name, int(each.kind), each.default is not each.empty] for each in parameters]}


def is_plain(annotations):
    return all(each is None or PLAIN.get(getattr(each, "__name__", None)) is each for each in annotations.values())


def is_mock(value):
    # Who has none has not imported it, which takes a while.
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


def may_be_called(value):
    """Functions of the tools that run the tests steer them. The submission calls those of Python by itself."""
    if isinstance(value, functools.partial):
        return name_in_python(value.func) not in REACHING and may_be_called(value.func)
    owner = getattr(value, "__self__", None)
    if isinstance(owner, unittest.TestCase) and hasattr(unittest.TestCase, value.__name__):
        return value.__name__.startswith(("assert", "fail"))
    module = getattr(type(owner) if isinstance(value, types.MethodType) else value, "__module__", None) or ""
    return module.partition(".")[0] not in ("pytest", "_pytest", "pluggy") or value.__name__ == "fail"


def may_use(name, target, args):
    """Whether an object of the tests may be used so."""
    if isinstance(target, ITERATED):
        return name in ("iter", "next")
    if isinstance(target, type) and name == "getattr":
        return may_use_class(target, *args)
    if name in ("namespace", "put"):
        return may_use_namespace(name, target, *args)
    if isinstance(target, CALLED):
        return name in WITH_FUNCTIONS or may_be_looked_at(name, target, *args)
    if isinstance(target, types.CoroutineType):
        return name == "run_coroutine"
    if isinstance(target, VIEWED):
        return name in ("iter", "len", "getitem", "contains", "reversed", "bool", "eq", "ne")
    if name in ("getattr", "setattr", "delattr"):
        return may_use_attribute(name, target, *args)
    return name not in NOT_OF_TESTS


def may_be_looked_at(name, target, *args):
    """What says nothing of values: the text of a method shows its object, and that of a class what its fields begin with."""
    is_function = isinstance(target, types.FunctionType)
    if name != "getattr":
        return is_function and name in SHOWING
    if args[0] == "__annotations__":
        return is_function and is_plain(target.__annotations__)
    return args[0] in OF_FUNCTIONS and (is_function or args[0] != "__doc__")


def may_use_class(target, attribute):
    """What an object of the class shows, which the submission could make of it."""
    if attribute in OF_FUNCTIONS:
        return attribute != "__doc__"
    return type(attribute) is str and not attribute.startswith("_") and not issubclass(target, unittest.TestCase)


def may_use_namespace(name, target, *args):
    if isinstance(target, (unittest.TestCase, *CALLED)) or is_mock(target):
        return False
    return name == "namespace" or may_use_attribute("setattr", target, *args)


def shown_by(target):
    """What an object holds: what is private of it is what the submission has put there."""
    return {name: each for name, each in vars(target).items() if not name.startswith("_") or is_private(target, name)}


OPERATIONS["namespace"] = shown_by


def shape_of(kind):
    """What the submission finds without asking in an object of the tests: the name of its class, and of what that has."""
    names = [name for name in dir(kind) if not name.startswith("_")]
    return {"type": kind.__name__[:200], "has": names}


def may_use_attribute(name, target, attribute, *value):
    """What checks the submission afterwards is not for it to change."""
    if type(attribute) is not str:
        return False
    if attribute.startswith("_"):
        return may_use_private(name, target, attribute)
    if isinstance(target, unittest.TestCase):
        return name == "getattr" and not hasattr(unittest.TestCase, attribute)
    if is_mock(target):
        return may_use_mock(name, target, attribute, *value)
    return name == "getattr" or not callable(getattr(type(target), attribute, None))


def may_use_mock(name, target, attribute, *value):
    """What says how a mock was used stays what it is, and so does what the mock has for its attributes."""
    checks = checks_of(type(target))
    if name == "delattr" or attribute in checks:
        return False
    if name == "getattr":
        return True
    found = inspect.getattr_static(type(target), attribute, None)
    return (is_mock(found) or not callable(found)) and says_nothing_of_use(value[0], checks)


def checks_of(kind):
    """Names that classes of mocks have, whichever of them it is below, and one that only their objects have."""
    known = vars(sys.modules["unittest.mock"])
    names = {name for each in kind.__mro__ if known.get(each.__name__) is each for name in vars(each)}
    return {name for name in names if not name.startswith("_")} | {"method_calls"}


def says_nothing_of_use(value, checks):
    """Whether it is data, a function or an exception of Python's, which has nothing that a mock says how it was used by."""
    is_known = isinstance(value, (types.FunctionType, types.MethodType)) or is_exception_of_python(value) or is_data(value)
    return is_known and not any(hasattr(value, name) for name in checks)


def is_exception_of_python(value):
    return isinstance(value, BaseException) and not isinstance(type(value), ErrorClass)


def is_data(value):
    """Whether a value crosses as what it is, with all that is in it."""
    before, NO_DATA[0] = NO_DATA[0], refuse
    try:
        encode(value)
    except NoData:
        return False
    finally:
        NO_DATA[0] = before
    return True


def may_use_private(name, target, attribute):
    """A descriptor keeps what it is given in the object. It reads what it has put there, and nothing else."""
    if attribute.startswith("__") or is_mock(target) or isinstance(target, unittest.TestCase):
        return False
    if name == "setattr" and not hasattr(target, attribute):
        private[id(target), attribute] = target
    return is_private(target, attribute)


def is_private(target, attribute):
    return private.get((id(target), attribute)) is target
