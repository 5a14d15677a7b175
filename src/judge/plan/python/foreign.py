

# Objects of the other end of the wire, as this end sees them.

import weakref

# Other names with two underscores are looked up by tools that look at every object.
ASKED_OF_NAMES = tuple(
    "__name__ __qualname__ __annotations__ __version__ __author__ __all__ __dict__ __defaults__ __kwdefaults__ __members__ "
    "__slots__ __abstractmethods__ __subclasses__ __match_args__ __wrapped__ __self__ __func__".split()
)

# Attributes of a class itself, behind those that its class shows.
attributes_of = type.__dict__["__dict__"].__get__

# What this end knows of an object of the other one, under names that no program has.
KNOWN = tuple(f"_assize_{name}" for name in "wire number process path about is_derived is_constructed method owner".split())


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

    def _assize_address(self):
        if self._assize_number is not None and self._assize_process == self._assize_wire.process:
            return {"$held": self._assize_number}
        if self._assize_path is None:
            self._assize_wire.end("the object ended with the process that held it")
        return {"$path": self._assize_path}

    def _assize_ask(self, name, /, *args, **kwargs):
        return answer(self._assize_wire, name, self, *args, **kwargs)

    def __getattr__(self, name):
        if name == "__code__" and self._assize_wire.is_own(sys._getframe(1).f_code.co_filename):
            return types.SimpleNamespace(**self._assize_ask("code"))
        if not is_asked(name):
            raise AttributeError(name)
        found = self._assize_wire.attribute(self, name)
        if is_foreign(found) and self._assize_path is not None and found._assize_path is None:
            keep(found, _assize_path=[*self._assize_path, name])
        return found

    def __setattr__(self, name, value):
        self._assize_ask("setattr", name, value)

    def __delattr__(self, name):
        self._assize_ask("delattr", name)

    def __instancecheck__(self, value):
        if not is_foreign(value) and isinstance(value.__class__, ForeignClass):
            # A mock says that its class is that of what it stands for.
            return self._assize_judge("issubclass", value.__class__)
        return self._assize_judge("isinstance", value)

    def __subclasscheck__(self, kind):
        return self._assize_judge("issubclass", kind)

    def __mro_entries__(self, _bases):
        self._assize_wire.end(NO_BASE, Unproven)

    def _assize_judge(self, name, value):
        try:
            return self._assize_wire.ask(name, value, self) is True
        except NoData:
            # What cannot be told there is nothing of its own.
            return False
        except Claimed as claimed:
            error = error_of(claimed, self._assize_wire.class_raised)
        raise error

    def _assize_left(self, name, raised, trace):
        told = raised and [line_of_error(type(raised)), self._assize_wire.told_of(raised)[0]]
        is_swallowed = self._assize_ask(name, told)
        return is_swallowed and raised is not None and self._assize_wire.may_swallow(raised, trace)

    def __copy__(self):
        return self._assize_ask("copy")

    def __deepcopy__(self, _memo):
        return self._assize_ask("deepcopy")

    def __reduce_ex__(self, _protocol):
        self._assize_wire.end("an object of the program cannot be pickled outside of its box", Unproven)

    def __hash__(self):
        return self._assize_ask("hash")


NO_BASE = "a class of the program cannot be the base of a class of the tests: two boxes"


def is_foreign(value):
    """Whether it is of the other end, whatever it says that its class is: a mock says that of what it stands for."""
    return issubclass(type(value), Foreign)


class Special:
    """Methods by which Python knows what can be done with an object. Only what has them there has them here."""

    __slots__ = ()

    def __call__(self, /, *args, **kwargs):
        return self._assize_ask("call", *args, **kwargs)

    def __next__(self):
        try:
            return self._assize_wire.ask("next", self)
        except Claimed as claimed:
            error = StopIteration() if claimed.line[0] == "StopIteration" else error_of(claimed, self._assize_wire.class_raised)
        raise error

    def __iter__(self):
        return self._assize_wire.iterated(self)

    def __contains__(self, item):
        return self._assize_wire.contains(self, item)

    def __exit__(self, _kind, raised, trace):
        return self._assize_left("leave", raised, trace)

    def __get__(self, held, owner=None):
        binds = about(self).get("binds")
        if binds is None:
            return self._assize_ask("get", held, owner)
        return types.MethodType(self, held) if binds and held is not None else self

    def __aiter__(self):
        return self._assize_ask("aiter")

    async def __anext__(self):
        try:
            return self._assize_wire.ask("anext", self)
        except Claimed as claimed:
            is_end = claimed.line[0] == "StopAsyncIteration"
            error = StopAsyncIteration() if is_end else error_of(claimed, self._assize_wire.class_raised)
        raise error

    async def __aenter__(self):
        return self._assize_ask("aenter")

    async def __aexit__(self, kind, raised, trace):
        return self._assize_left("aleave", raised, trace)


# What makes a descriptor of an object that is an attribute of a class.
OF_DESCRIPTORS = "get set delete set_name".split()


def about(found):
    """What the other end says of the class of an object, or of a class."""
    kind = type(found)
    return kind._assize_about if isinstance(kind, ForeignClass) else found._assize_about


def give_operators():
    for name in UNARY + "int float complex index bytes len reversed round getitem setitem delitem enter".split():
        setattr(Special, f"__{name}__", asking(name))
    for name in BINARY:
        setattr(Special, f"__{name}__", asking(name))
        setattr(Special, f"__r{name}__", asking(name, is_reflected=True))
    for name in IN_PLACE:
        setattr(Special, f"__{name}__", asking(name))
    for name in OF_DESCRIPTORS[1:]:
        setattr(Special, f"__{name}__", asking(name))
    for name in "str repr format dir".split():
        setattr(Foreign, f"__{name}__", asking(name))
    for name in COMPARISONS:
        setattr(Foreign, f"__{name}__", comparing(name))
    Foreign.__bool__ = lambda self: self._assize_wire.compare("bool", self)


def asking(name, is_reflected=False):
    def ask(self, *args):
        if is_reflected:
            return answer(self._assize_wire, name, *args, self)
        return self._assize_ask(name, *args)

    return ask


def comparing(name):
    return lambda self, other: self._assize_wire.compare(name, self, other)


give_operators()

METHODS = {name: each for name, each in vars(Special).items() if callable(each) and name[:2] == "__"}


# What no object has of which nothing is known.
NOT_OF_ANY = {"__call__", *(f"__{name}__" for name in OF_DESCRIPTORS)}


def asked_attribute(name):
    return property(lambda self: self._assize_ask("getattr", name))


# They are attributes of every class, and say nothing of the object.
SHADOWED = {"__doc__": asked_attribute("__doc__"), "__dict__": property(lambda self: self._assize_ask("namespace"))}


class ForeignObject(Foreign):
    """One that is no class. What its own class has beside this, a class below this one has."""

    __slots__ = (*KNOWN, "__weakref__")
    locals().update(SHADOWED)


class ForeignAny(ForeignObject):
    """One of which nothing is known, so that everything may be asked of it."""

    __slots__ = ()
    locals().update(SHADOWED, **{name: each for name, each in METHODS.items() if name not in NOT_OF_ANY})
    __dict__ = property(lambda self: Attributes(self))


class Attributes(dict):
    """What an object of the other end holds. What is put there is put into the object."""

    def __init__(self, found):
        super().__init__(found._assize_ask("namespace"))
        self._found = found

    def __setitem__(self, name, value):
        self._found._assize_ask("put", name, value)
        super().__setitem__(name, value)


KINDS.append((Attributes, lambda value, depth: encode(dict(value), depth)))


class ForeignCallable(ForeignObject):
    """A function. Who looks for what can be iterated over, or entered, finds nothing of that in it."""

    __slots__ = ()
    locals().update(SHADOWED, __call__=METHODS["__call__"])

    @property
    def __signature__(self):
        import inspect

        empty, parameters = inspect.Parameter.empty, []
        for name, kind, has_default in self._assize_taken():
            default = None if has_default else empty
            parameters.append(inspect.Parameter(name, inspect._ParameterKind(kind), default=default))
        return inspect.Signature(parameters)

    @property
    def __code__(self):
        """How many arguments it takes, for those that call it when they have as many."""
        names = [name for name, kind, _ in self._assize_taken() if kind in (0, 1)]
        return types.SimpleNamespace(co_argcount=len(names), co_varnames=tuple(names))

    def _assize_taken(self):
        takes = self._assize_about.get("takes")
        if takes is None:
            raise AttributeError("nothing is known of what it takes")
        return takes


class ForeignMethod(ForeignCallable):
    """A function, which is bound to the object whose class has it."""

    __slots__ = ()
    locals().update(SHADOWED, __call__=METHODS["__call__"], __get__=METHODS["__get__"])


class ForeignFunction(ForeignCallable, ForeignAny):
    """One that can be called, and of which no more is known."""

    __slots__ = ()
    __doc__, __dict__ = SHADOWED["__doc__"], vars(ForeignAny)["__dict__"]


class ForeignIterator(ForeignObject):
    """One of Python's iterators, which nobody asks for its length."""

    __slots__ = ()
    locals().update(SHADOWED, __iter__=METHODS["__iter__"], __next__=METHODS["__next__"])


class ForeignCoroutine(ForeignObject):
    """Runs to its end when it is awaited, at the other end."""

    __slots__ = ()

    # Loops of events keep coroutines in sets and dicts.
    __eq__, __ne__, __hash__ = object.__eq__, object.__ne__, object.__hash__

    def __await__(self):
        return self._assize_ask("run_coroutine")
        yield

    def send(self, _value):
        raise StopIteration(self._assize_ask("run_coroutine"))

    def __next__(self):
        return self.send(None)

    def throw(self, error, *_rest):
        raise error

    def close(self):
        pass
