

# Lists, dicts and sets that the tests read from a name or an attribute of the submission. What the tests change of one
# is changed there, too.

MUTATORS = {
    list: "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__",
    dict: "pop popitem clear update setdefault __setitem__ __delitem__ __ior__",
    set: (
        "add discard remove pop clear update difference_update intersection_update symmetric_difference_update "
        "__ior__ __iand__ __isub__ __ixor__"
    ),
}


def changing(kind, name):
    change = getattr(kind, name)

    def changed(self, *args, **kwargs):
        found = change(self, *args, **kwargs)
        holder, attribute = self._place
        holder._ask("refill", attribute, kind(self))
        return found

    return changed


def writing(kind):
    """A class of such values, which are the values that they look like wherever they go."""
    members = {name: changing(kind, name) for name in MUTATORS[kind].split()}
    members["__reduce_ex__"] = lambda self, _protocol: (kind, (kind(self),))
    members["__module__"] = "builtins"
    return type(kind.__name__, (kind,), members)


WRITTEN = {kind: writing(kind) for kind in MUTATORS}
PLAINLY.update({written: kind for kind, written in WRITTEN.items()})


def written(value, holder, name):
    """A value as it is at an attribute of something of the submission."""
    if type(value) not in WRITTEN:
        return value
    found = WRITTEN[type(value)](value)
    found._place = holder, name
    return found


KINDS += [(kind, lambda value, depth, plain=plain: encode(plain(value), depth)) for kind, plain in PLAINLY.items()]
