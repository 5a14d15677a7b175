

# What objects of classes below Python's own hold, such as named tuples and members of an IntEnum. That is a claim of the
# submission's like any other value: the tests compare it with what they expect, of which the submission is told nothing.


def items_of(kind):
    return lambda value: kind(kind.__iter__(value))


# How each is read, whatever methods a class has in the place of Python's.
HELD = {
    int: int.__index__,
    float: float.__pos__,
    complex: complex.__pos__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: items_of(tuple),
    list: items_of(list),
    set: items_of(set),
    frozenset: items_of(frozenset),
    dict: lambda value: dict(dict.items(value)),
    type({}.keys()): lambda value: dict.fromkeys(value),
    type({}.items()): lambda value: dict(value),
}

# What comes back as a dict stands for one of its views.
VIEWS = {"dict_keys": dict.keys, "dict_items": dict.items}


def base_of(kind):
    """The class of Python's own that an object holds a value of."""
    return next((each for each in MRO_OF(kind) if each in HELD), None)


def held_by(value):
    return HELD[base_of(type(value))](value)


OPERATIONS["held"] = held_by


def settled(name, first, other):
    """What a comparison comes to by what is claimed, if it is settled by that."""
    if is_foreign(other):
        return same_or_not(name, first, other)
    below = about(first).get("below")
    if below is None:
        return NotImplemented
    content = first._assize_ask("held")
    if type(content).__name__ != ("dict" if below in VIEWS else below):
        first._assize_wire.refuse("an object of the program holds no value of the class that it is said to be below")
    content = VIEWS[below](content) if below in VIEWS else content
    return getattr(operator, name)(content, other)


def same_or_not(name, first, other):
    """Objects of classes that say nothing of what is equal are equal where they are the same. That they are proves nothing
    unless one has a name, such as Color.RED: else every object could be the one that is expected."""
    says_equal = any("__eq__" in about(each).get("special", ("__eq__",)) for each in (first, other))
    if says_equal or name not in ("eq", "ne") or first is other and first._assize_path is None:
        return NotImplemented
    return (first is other) == (name == "eq")
