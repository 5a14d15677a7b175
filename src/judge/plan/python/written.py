

# Lists, dicts and sets that the tests read from a name or an attribute of the submission. What the tests change of one
# is changed there, and they see what comes of it.

MUTATORS = {
    list: "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__",
    dict: "pop popitem clear update setdefault __setitem__ __delitem__ __ior__",
    set: (
        "add discard remove pop clear update difference_update intersection_update symmetric_difference_update "
        "__ior__ __iand__ __isub__ __ixor__"
    ),
}

# Those that take any iterable.
TAKING_ITEMS = set(
    "extend __iadd__ update difference_update intersection_update symmetric_difference_update __ior__ __iand__ __isub__ "
    "__ixor__".split()
)


def plain_arguments(kind, name, args):
    """What is iterated over is iterated over here: an iterator of the tests cannot be read anywhere else."""
    if name in TAKING_ITEMS:
        made = set if kind is set and name[:2] == "__" else dict if kind is dict else list
        return [made(each) for each in args]
    if kind is list and name == "__setitem__" and len(args) == 2 and type(args[0]) is slice:
        return [args[0], list(args[1])]
    return list(args)


def is_none_of_its_operands(kind, name, args):
    """Sets have operators for sets only."""
    return kind is set and name[:2] == "__" and not is_set(args[0])


def is_set(value):
    if not is_foreign(value):
        return isinstance(value, (set, frozenset))
    return any(value._assize_ask("is_of", NamedClass(f"builtins.{name}")) is True for name in ("set", "frozenset"))


def changing(kind, name):
    def changed(self, *args, **kwargs):
        if is_none_of_its_operands(kind, name, args):
            return NotImplemented
        args = plain_arguments(kind, name, args)
        wanted = comes_of(self, kind, name, args, kwargs)
        try:
            found, content = self._there._assize_ask("change", name, *args, **kwargs)
        except Ended:
            raise
        except Exception as error:
            agree(self, name, wanted, [type(error)])
            raise
        agree(self, name, wanted, [found, content])
        if type(content) is kind:
            kind.clear(self)
            (kind.extend if kind is list else kind.update)(self, content)
        return self if name.startswith("__i") else found

    return changed


def comes_of(self, kind, name, args, kwargs):
    """What a method that is told something comes to by what is there before it is told: what it answers and what is there
    then, or the class of what it raises. Nothing where it is told nothing of what is expected."""
    wire = self._there._assize_wire
    if not wire.strict or name == "sort" or not (args or kwargs):
        return None
    content = self._there._assize_ask("same")
    if type(content) is not kind:
        wire.refuse("what the tests change is of another type than it was")
    try:
        found = here(content, kind, name, args, kwargs)
    except Ended:
        raise
    except Exception as error:
        return [type(error)]
    return [None if found is content else found, content]


def here(content, kind, name, args, kwargs):
    if kind is list and name == "remove" and is_foreign(args[0]):
        # It is found by which it is: two objects are not compared.
        del content[[each is args[0] for each in content].index(True)]
        return None
    return getattr(kind, name)(content, *args, **kwargs)


def agree(self, name, wanted, found):
    """What a method says is what it comes to here, or proves nothing."""
    if wanted is None:
        return
    if len(wanted) == len(found) == 1 and issubclass(*found, *wanted):
        return
    if len(wanted) == len(found) == 2 and all(map(is_alike, wanted, found)):
        return
    self._there._assize_wire.refuse(f"what {name} comes to in the program is not what it makes of what was there before")


def is_alike(wanted, found):
    """Whether they are the same as data, or equal. A NaN is one, and objects are those that they are."""
    if type(wanted) is type(found) is list and len(wanted) == len(found) > 1:
        return all(map(is_alike, wanted, found))
    if type(wanted) is type(found) is dict:
        return all(is_alike([*parts(wanted)], [*parts(found)]) for parts in (dict.keys, dict.values))
    return JSON.encode(encode(wanted)) == JSON.encode(encode(found)) or wanted == found


def writing(kind):
    """A class of such values, which are the values that they look like wherever they go."""
    members = {name: changing(kind, name) for name in MUTATORS[kind].split()}
    members["__reduce_ex__"] = lambda self, _protocol: (kind, (kind(self),))
    members["__module__"] = "builtins"
    return type(kind.__name__, (kind,), members)


WRITTEN = {kind: writing(kind) for kind in MUTATORS}
PLAINLY.update({written: kind for kind, written in WRITTEN.items()})


def written(value, wire, path):
    """A value as it is at an attribute of something of the submission: another process has it under its path."""
    if type(value) not in WRITTEN or type(wire.held_there) is not int:
        return value
    found = WRITTEN[type(value)](value)
    found._there = called(wire, path, wire.held_there)
    return found


KINDS += [(kind, lambda value, depth, plain=plain: encode(plain(value), depth)) for kind, plain in PLAINLY.items()]
