

# What one end of the wire does for the other one.

import copy
import operator


# What the interpreter takes for the classes above one, whatever its own class says.
MRO_OF = type.__dict__["__mro__"].__get__


def call(target, /, *args, **kwargs):
    return target(*args, **kwargs)


def same(value):
    return value


def special(target, name):
    """A method that Python looks up in the class of an object, and binds as it does."""
    kind = type(target)
    found = next((vars(each)[name] for each in MRO_OF(kind) if name in vars(each)), None)
    if found is None:
        raise TypeError(f"{kind.__name__!r} object has no {name}")
    return type(found).__get__(found, target, kind) if hasattr(type(found), "__get__") else found


def enter(target):
    return special(target, "__enter__")()


def leave(target, described):
    """`__exit__`, for an exception of the other end: its class and its message."""
    return special(target, "__exit__")(*exception_of(described))


def exception_of(described):
    error = error_of(Claimed({"raised": described[0], "message": described[1]})) if described else None
    return (type(error), error, None) if error else (None, None, None)


def public_names(module):
    names = vars(module)
    return list(names.get("__all__", [name for name in names if not name.startswith("_")]))


def namespace(target):
    return dict(target.__dict__)


def put(target, name, value):
    """As a descriptor does, which must not be asked by that itself."""
    target.__dict__[name] = value


def look_into(target, module, name, /, *args, **kwargs):
    """A function of the library that looks into objects or functions, which have to be here."""
    return getattr(__import__(module), name)(target, *args, **kwargs)


def change(target, name, /, *args, **kwargs):
    """What a method of a list, a dict or a set comes to, and what is in it then."""
    if type(target) not in (list, dict, set):
        raise TypeError("what the tests change is of another type than it was")
    found = getattr(target, name)(*args, **kwargs)
    return None if found is target else found, target


def apart(run, awaitable):
    """Runs a loop of events, also inside of another one that waits for it."""
    import asyncio

    async def awaiting():
        return await awaitable

    before = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return run(awaiting())
    finally:
        asyncio._set_running_loop(before)


def run_in_loop(awaitable):
    """All of an asynchronous iterator runs in one loop of events."""
    import asyncio

    if not LOOPS:
        LOOPS.append(asyncio.new_event_loop())

    return apart(LOOPS[0].run_until_complete, awaitable)


LOOPS = []


def anext_in_loop(target):
    return run_in_loop(special(target, "__anext__")())


def aenter(target):
    return run_in_loop(special(target, "__aenter__")())


def aleave(target, described):
    return run_in_loop(special(target, "__aexit__")(*exception_of(described)))


def run_coroutine(coroutine):
    import asyncio

    return apart(asyncio.run, coroutine)


def descriptor(name):
    def run(target, *args):
        return special(target, name)(*args)

    return run


def is_of(value, kind):
    """Whether it is of a class of Python's, whatever it says that its class is."""
    return issubclass(type(value), kind)


# What is told of the code of a function.
CODE = "co_argcount co_posonlyargcount co_kwonlyargcount co_varnames co_names co_freevars co_cellvars co_name co_flags".split()


def code(function):
    return {name: getattr(function.__code__, name) for name in CODE}


def construct(kind, /, *args, **kwargs):
    """An exception that the tests make, of which they are told all."""
    made = kind(*args, **kwargs)
    return Constructed(made) if isinstance(made, BaseException) else made


class Constructed:
    def __init__(self, error):
        self.error = error


BINARY = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod".split()
IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift".split()
COMPARISONS = "eq ne lt le gt ge".split()
UNARY = "neg pos abs invert".split()

NAMED_OTHERWISE = {"and": operator.and_, "or": operator.or_, "divmod": divmod}

OPERATIONS = {
    **{name: NAMED_OTHERWISE.get(name) or getattr(operator, name) for name in BINARY + IN_PLACE + COMPARISONS + UNARY},
    **{kind.__name__: kind for kind in (int, float, complex, bool, bytes, str)},
    **{each.__name__: each for each in (len, hash, repr, format, iter, next, round, dir, reversed)},
    **{each.__name__: each for each in (isinstance, issubclass, getattr, setattr, delattr, call, same, enter)},
    **{each.__name__: each for each in (construct, is_of, code)},
    **{each.__name__: each for each in (leave, public_names, run_coroutine, change)},
    **{each.__name__: each for each in (namespace, put, look_into, aiter, aenter, aleave)},
    **{name: descriptor(f"__{name}__") for name in ("get", "set", "delete", "set_name")},
    "anext": anext_in_loop,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "index": operator.index,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "contains": operator.contains,
}
