

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


def changing(kind, name):
    def changed(self, *args, **kwargs):
        found, content = self._there._ask("change", name, *args, **kwargs)
        if type(content) is kind:
            kind.clear(self)
            (kind.extend if kind is list else kind.update)(self, content)
        return self if name.startswith("__i") else found

    return changed


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
