

# Objects of the other end of the wire, as this end sees them.

import weakref

# Other names with two underscores are looked up by tools that look at every object.
ASKED_OF_NAMES = tuple(
    "__name__ __qualname__ __annotations__ __version__ __author__ __all__ __dict__ __defaults__ __members__".split()
)

# Attributes of a class itself, behind those that its class shows.
attributes_of = type.__dict__["__dict__"].__get__

# What this end knows of an object of the other one.
KNOWN = ("_wire", "_number", "_process", "_path", "_about", "_is_derived", "_method")


def is_asked(name):
    """Whether the other end is asked for an attribute that this one does not know."""
    if name in ASKED_OF_NAMES:
        return True
    return not name.startswith("_pytest") and not (name.startswith("__") and name.endswith("__"))


def answer(wire, name, /, *args, **kwargs):
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
    """Something of the other end that is no data, known by a number, and by a path where it has one."""

    __slots__ = ()

    def _address(self):
        if self._number is not None and self._process == self._wire.process:
            return {"$held": self._number}
        if self._path is None:
            self._wire.end("the object ended with the process that held it")
        return {"$path": self._path}

    def _ask(self, name, /, *args, **kwargs):
        return answer(self._wire, name, self, *args, **kwargs)

    def __getattr__(self, name):
        if not is_asked(name):
            raise AttributeError(name)
        found = self._wire.attribute(self, name)
        if isinstance(found, Foreign) and self._path is not None and found._path is None:
            keep(found, _path=[*self._path, name])
        return found

    def __setattr__(self, name, value):
        self._ask("setattr", name, value)

    def __delattr__(self, name):
        self._ask("delattr", name)

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
        return self._left("leave", raised, trace)

    def _left(self, name, raised, trace):
        told = raised and [line_of_error(type(raised)), self._wire.told_of(raised)[0]]
        is_swallowed = self._ask(name, told)
        return is_swallowed and raised is not None and self._wire.may_swallow(raised, trace)

    def __aiter__(self):
        return self._ask("aiter")

    async def __anext__(self):
        try:
            return self._wire.ask("anext", self)
        except Claimed as claimed:
            is_end = claimed.line[0] == "StopAsyncIteration"
            error = StopAsyncIteration() if is_end else error_of(claimed, self._wire.class_raised)
        raise error

    async def __aenter__(self):
        return self._ask("aenter")

    async def __aexit__(self, kind, raised, trace):
        return self._left("aleave", raised, trace)

    def __instancecheck__(self, value):
        return self._judge("isinstance", value)

    def __subclasscheck__(self, kind):
        return self._judge("issubclass", kind)

    def __mro_entries__(self, _bases):
        self._wire.end(NO_BASE, Unproven)

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

    def __hash__(self):
        return self._ask("hash")


NO_BASE = "a class of the program cannot be the base of a class of the tests: two boxes"


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


def asking(name, is_reflected=False):
    def ask(self, *args):
        if is_reflected:
            return answer(self._wire, name, *args, self)
        return self._ask(name, *args)

    return ask


def comparing(name):
    return lambda self, other: self._wire.compare(name, self, other)


give_operators()


def asked_attribute(name):
    return property(lambda self: self._ask("getattr", name))


# They are attributes of every class, and say nothing of the object.
SHADOWED = {"__doc__": asked_attribute("__doc__"), "__dict__": property(lambda self: self._ask("namespace"))}


class ForeignObject(Foreign):
    """One that is no class."""

    __slots__ = (*KNOWN, "__weakref__")
    locals().update(SHADOWED)


class ForeignFunction(ForeignObject):
    """One that can be called."""

    __slots__ = ()
    locals().update(SHADOWED)

    def __call__(self, /, *args, **kwargs):
        return self._ask("call", *args, **kwargs)


class ForeignCoroutine(ForeignObject):
    """Runs to its end when it is awaited, at the other end."""

    __slots__ = ()

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


def of_class(name):
    """An attribute of a class of the other end that its objects do not have."""
    return property(lambda kind: attributes_of(kind)["_kept"][name])


class ForeignClass(Foreign, type):
    """A class of the other end, which is the class of its objects here."""

    locals().update(SHADOWED, **{name: of_class(name) for name in KNOWN})
    __annotations__ = asked_attribute("__annotations__")
    _ask = property(lambda kind: lambda name, /, *args, **kwargs: Foreign._ask(kind, name, *args, **kwargs))
    _address = property(lambda kind: lambda: Foreign._address(kind))
    _left = property(lambda kind: lambda name, raised, trace: Foreign._left(kind, name, raised, trace))
    _judge = property(lambda kind: lambda name, value: Foreign._judge(kind, name, value))

    def __new__(_kind, _name, bases, _members, **_given):
        foreign_bases = [each for each in bases if isinstance(each, ForeignClass)]
        foreign_bases[0]._wire.end(NO_BASE, Unproven)

    def __call__(kind, /, *args, **kwargs):
        return kind._ask("call", *args, **kwargs)

    # A class equals itself. Python, too, looks for classes in tuples and dicts.
    __eq__, __ne__, __hash__ = type.__eq__, type.__ne__, type.__hash__


def keep(found, **known):
    """What this end comes to know."""
    if isinstance(found, ForeignClass):
        attributes_of(found)["_kept"].update(known)
    else:
        for name, value in known.items():
            object.__setattr__(found, name, value)


def called(wire, path):
    """What the other end has under a path."""
    found = object.__new__(ForeignFunction)
    known = {"_number": None, "_path": path, "_about": {}, "_is_derived": False, "_method": None}
    keep(found, _wire=wire, _process=wire.process, **known)
    return found


def foreign(wire, number, about):
    """What the other end has under a number: the same at each time, so that `is` says what it says there."""
    kind = about.get("is")
    if kind == "exception":
        return wire.class_named(about["line"])
    place, name = (wire.process, number), about.get("path")
    found = wire.seen.get(place)
    if found is None and type(name) is str:
        # A name of the module, which had another number in a process before.
        known = wire.named_objects.get(name)
        found = known if known is not None and known._process != wire.process else None
    if found is None:
        found = made(wire, kind, about)
        keep(found, _wire=wire, _path=None, _is_derived=False, _method=None)
    keep(found, _number=number, _process=wire.process, _about=about)
    wire.seen[place] = found
    if type(name) is str:
        wire.named_objects[name] = found
        if found._path is None:
            keep(found, _path=[name])
    wire.noticed(found)
    return found


def made(wire, kind, about):
    if kind == "class":
        return made_class(about)
    if kind == "coroutine":
        return object.__new__(ForeignCoroutine)
    of = foreign(wire, int(about["of"][0]), about["of"][1]) if "of" in about else None
    if isinstance(of, ForeignClass) and callable_objects(of) == (kind == "function"):
        return object.__new__(of)
    return object.__new__(ForeignFunction if kind == "function" else ForeignObject)


def callable_objects(kind):
    return ForeignFunction in kind.__mro__


def made_class(about):
    base = ForeignFunction if about.get("calls") else ForeignObject
    name = about["name"]
    members = {"__slots__": (), "__module__": about["module"], "_kept": {}, **SHADOWED}
    return type.__new__(ForeignClass, name, (base,), members)
