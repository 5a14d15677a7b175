

# Classes of the other end of the wire, and their objects.

# Methods that every object has. A class says which of them it defines.
OF_OBJECTS = {f"__{name}__" for name in COMPARISONS + "hash repr str format dir bool".split()}

# What a class is asked for where this end would speak of its own stand-in for it.
OF_CLASSES = ("__slots__", "__subclasses__", "__abstractmethods__")

# What this end knows of a class by what the other one said, which the tests may look at.
CLAIMED_OF_CLASSES = ("__name__", "__qualname__", "__module__", "__mro__", "__bases__", "__base__", "mro")


def of_class(name):
    """An attribute of a class of the other end that its objects do not have."""
    return property(lambda kind: attributes_of(kind)["_assize_kept"][name])


class ForeignClass(Foreign, type):
    """A class of the other end, which is the class of its objects here."""

    locals().update(SHADOWED, **{name: of_class(name) for name in KNOWN})
    __annotations__ = asked_attribute("__annotations__")
    __mro__ = property(lambda kind: classes_of(kind, "mro"))
    __bases__ = property(lambda kind: classes_of(kind, "bases"))
    __base__ = property(lambda kind: classes_of(kind, "bases")[0])
    _assize_ask = property(lambda kind: lambda name, /, *args, **kwargs: Foreign._assize_ask(kind, name, *args, **kwargs))
    _assize_address = property(lambda kind: lambda: Foreign._assize_address(kind))
    _assize_left = property(lambda kind: lambda name, raised, trace: Foreign._assize_left(kind, name, raised, trace))
    _assize_judge = property(lambda kind: lambda name, value: Foreign._assize_judge(kind, name, value))

    def __new__(_kind, _name, bases, _members, **_given):
        foreign_bases = [each for each in bases if isinstance(each, ForeignClass)]
        foreign_bases[0]._assize_wire.end(NO_BASE, Unproven)

    def __getattribute__(kind, name):
        if name in CLAIMED_OF_CLASSES and kind._assize_wire.is_own(sys._getframe(1).f_code.co_filename):
            kind._assize_wire.looks()
        if name in OF_OBJECTS or name in METHODS:
            about = attributes_of(kind)["_assize_kept"]["_assize_about"]
            if name not in about["special"] and name not in about["meta"] and name != "__call__":
                return getattr(object, name) if hasattr(object, name) else Foreign.__getattr__(kind, name)
        elif name in OF_CLASSES:
            return Foreign.__getattr__(kind, name)
        elif name == "__init__" and kind._assize_wire.is_own(sys._getframe(1).f_code.co_filename):
            # Tools such as mocks would look into its code.
            return kind._assize_wire.attribute(kind, name)
        elif name == "mro":
            return lambda: list(kind.__mro__)
        return type.__getattribute__(kind, name)

    def __setattr__(kind, name, value):
        Foreign.__setattr__(kind, name, value)
        if name in METHODS:
            # Python looks for it here.
            type.__setattr__(kind, name, METHODS[name])
            kind._assize_about["special"].add(name)

    def __call__(kind, /, *args, **kwargs):
        return kind._assize_ask("call", *args, **kwargs)

    # A class equals itself. Python, too, looks for classes in tuples and dicts.
    __eq__, __ne__, __hash__ = type.__eq__, type.__ne__, type.__hash__


# What is known of an object that was not asked for anything.
NOT_ASKED = {"_assize_is_derived": False, "_assize_is_constructed": False, "_assize_method": None, "_assize_owner": None}


def keep(found, **known):
    """What this end comes to know."""
    if isinstance(found, ForeignClass):
        attributes_of(found)["_assize_kept"].update(known)
    else:
        for name, value in known.items():
            object.__setattr__(found, name, value)


def called(wire, path, number=None):
    """What the other end has under a path, or a number."""
    found = object.__new__(ForeignFunction)
    keep(found, _assize_wire=wire, _assize_process=wire.process, _assize_number=number, _assize_path=path)
    keep(found, _assize_about={}, **NOT_ASKED)
    return found


def foreign(wire, number, about):
    """What the other end has under a number: the same at each time, so that `is` says what it says there."""
    kind = about.get("is")
    if kind == "exception":
        return wire.class_of_exceptions(number, about)
    place, name = (wire.process, number), about.get("path")
    if kind == "class":
        # It was described before.
        found = wire.classes[place]
        wire.noticed(found)
        return found
    found = wire.seen.get(place)
    if found is None:
        found = known_before(wire, name)
    if found is None:
        found = made(wire, kind, about)
        keep(found, _assize_wire=wire, _assize_path=None, **NOT_ASKED)
    return seen(wire, found, number, about)


def known_before(wire, name):
    """A name of the module, which had another number in a process before."""
    known = wire.named_objects.get(name) if type(name) is str else None
    return known if known is not None and known._assize_process != wire.process else None


def seen(wire, found, number, about):
    name = about.get("path")
    keep(found, _assize_number=number, _assize_process=wire.process, _assize_about=about)
    wire.seen[wire.process, number] = found
    if type(name) is str:
        wire.named_objects[name] = found
        if found._assize_path is None:
            keep(found, _assize_path=[name])
    wire.noticed(found)
    return found


def made(wire, kind, about):
    if kind == "coroutine":
        return object.__new__(ForeignCoroutine)
    if kind == "iterator":
        return object.__new__(ForeignIterator)
    if "of" in about:
        return object.__new__(wire.classes[wire.process, about["of"]])
    if "type" in about:
        return object.__new__(shaped_class(kind == "function", about["type"], tuple(about["has"])))
    if "binds" not in about:
        return object.__new__(ForeignFunction if kind == "function" else ForeignAny)
    return object.__new__(ForeignMethod if about["binds"] else ForeignCallable)


shaped_classes = {}


def shaped_class(is_called, name, names):
    """The class of objects of the tests, at the submission's end: what looks for a name in it finds that it is there."""
    if (is_called, name, names) not in shaped_classes:
        members = {"__slots__": (), **{each: asked_attribute(each) for each in names}, "__doc__": SHADOWED["__doc__"]}
        made = type(name, (ForeignFunction if is_called else ForeignAny,), members)
        shaped_classes[is_called, name, names] = made
    return shaped_classes[is_called, name, names]


def learn(wire, number, about):
    """A class as the other end describes it, before it speaks of it or of an object of it."""
    place = wire.process, number
    if place in wire.classes:
        return
    about = {**about, "special": set(about["special"])}
    found = known_before(wire, about.get("path"))
    if not isinstance(found, ForeignClass):
        found = made_class(about)
        keep(found, _assize_wire=wire, _assize_path=None, **NOT_ASKED)
    wire.classes[place] = seen(wire, found, number, about)
    for name in ("mro", "bases"):
        # Another process has other numbers.
        about[name] = [wire.classes[wire.process, each] if type(each) is int else each for each in about[name]]


def made_class(about):
    special, without = about["special"], set(about["without"])
    members = {name: METHODS[name] for name in given(special) - without}
    members.update({name: None for name in without if name in METHODS or name == "__hash__"})
    members.update({"__slots__": (), "__module__": about["module"], "_assize_kept": {}, **SHADOWED})
    return type.__new__(metaclass(frozenset(about["meta"])), about["name"], (ForeignObject,), members)


def given(special):
    """Methods that an object needs here for what it can do there: Python, too, goes through what has indices, and has
    classes that are added from both sides."""
    names = {name for name in special if name in METHODS}
    if "__getitem__" in names:
        names.add("__iter__")
    return names | {f"__r{name}__" for name in BINARY if f"__{name}__" in names}


metaclasses = {}


def metaclass(special):
    """The class of classes that can do more than others, such as those of enumerations."""
    if special not in metaclasses:
        members = {name: METHODS[name] for name in special if name in METHODS and name != "__call__"}
        # A class has a text of its own for `__doc__`, and would hide how that is asked for.
        metaclasses[special] = type("type", (ForeignClass,), {**SHADOWED, **members}) if members else ForeignClass
    return metaclasses[special]


def classes_of(kind, name):
    """Classes of the other end, and Python's own by their names."""
    each = (python_class(of) if type(of) is str else of for of in kind._assize_about[name])
    return tuple(of for of in each if of is not None)


def python_class(full):
    """A class of Python's that is in use here."""
    module, _, names = full.rpartition(".")
    found = vars(sys.modules[module]).get(names) if module in sys.modules else None
    return found if isinstance(found, type) else None
