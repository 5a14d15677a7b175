

# Values that cross the wire as what they are, beside those that are data everywhere.

import builtins
import collections
import operator
import types

# Python's own classes, which are themselves at both ends.
PLAIN = {
    each.__name__: each
    for each in (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object, type)
}


# Functions of Python's that keep nothing, which each end has as its own ones.
NAMESPACES = {"": builtins, "operator": operator, **PLAIN}


def name_in_python(value):
    """The name of such a function, with that of the class or module that has it."""
    kind = type(value)
    if kind in (types.MethodDescriptorType, types.WrapperDescriptorType):
        places = [value.__objclass__.__name__]
    elif kind in (types.BuiltinFunctionType, type):
        places = ["", "operator"]
    else:
        return None
    name = value.__name__
    found = (place for place in places if place in NAMESPACES and vars(NAMESPACES[place]).get(name) is value)
    place = next(found, None)
    return None if place is None or not is_named_alone(place, value) else ".".join(filter(None, (place, name)))


def is_named_alone(place, value):
    """Classes of Python's but these are what they are at both ends, and no functions."""
    return type(value) is not type or place == "operator"


def named_in_python(name):
    place, _, name = name.rpartition(".")
    return vars(NAMESPACES[place])[name]


def encode_slice(value, depth):
    return {"$slice": [encode(each, depth) for each in (value.start, value.stop, value.step)]}


def encode_range(value, depth):
    return {"$range": [encode(each, depth) for each in (value.start, value.stop, value.step)]}


def encode_bytearray(value, _depth):
    return {"$bytearray": text_of(value)}


def encode_deque(value, depth):
    return {"$deque": [[encode(item, depth) for item in value], encode(value.maxlen, depth)]}


def encode_pairs(tag):
    def encode_items(value, depth):
        return {tag: [[encode(key, depth), encode(item, depth)] for key, item in value.items()]}

    return encode_items


def encode_default(value, depth):
    factory = encode(value.default_factory, depth)
    return {"$defaultdict": [factory, *encode_pairs("$")(value, depth)["$"]]}


# Values that Python has one of each.
SINGLETONS = {"NotImplemented": NotImplemented, "Ellipsis": Ellipsis}


def pairs_of(items):
    return [(decode(key), decode(item)) for key, item in items]


KINDS += [
    (slice, encode_slice),
    (range, encode_range),
    (bytearray, encode_bytearray),
    (collections.deque, encode_deque),
    (collections.Counter, encode_pairs("$counter")),
    (collections.OrderedDict, encode_pairs("$ordered")),
    (collections.defaultdict, encode_default),
    *((type(each), lambda _value, _depth, name=name: {"$singleton": name}) for name, each in SINGLETONS.items()),
]

DECODERS.update(
    {
        "$slice": lambda parts: slice(*decode(parts)),
        "$range": lambda parts: range(*decode(parts)),
        "$bytearray": lambda text: bytearray(FROM_BASE64(text)),
        "$deque": lambda parts: collections.deque(decode(parts[0]), decode(parts[1])),
        "$counter": lambda items: collections.Counter(dict(pairs_of(items))),
        "$ordered": lambda items: collections.OrderedDict(pairs_of(items)),
        "$defaultdict": lambda items: collections.defaultdict(decode(items[0]), pairs_of(items[1:])),
        "$builtin": lambda name: PLAIN[name],
        "$singleton": lambda name: SINGLETONS[name],
    }
)

# Values of the library, whose modules are imported where one of them comes.

PATHS = ("PosixPath", "PurePosixPath", "PureWindowsPath")


def encode_path(value, kind, depth):
    pathlib = library("pathlib")

    if any(kind is getattr(pathlib, name) for name in PATHS):
        return {"$pathlib": [kind.__name__, encode_text(str(value))]}
    return NO_DATA[0](value, kind)


def decode_path(parts):
    pathlib = library("pathlib")

    if parts[0] not in PATHS:
        raise ValueError("no class of paths")
    return getattr(pathlib, parts[0])(decode(parts[1]))


def encode_uuid(value, kind, depth):
    uuid = library("uuid")

    return {"$uuid": str(value)} if kind is uuid.UUID else NO_DATA[0](value, kind)


def encode_pattern(value, kind, depth):
    re = library("re")

    if kind is re.Pattern:
        return {"$pattern": [encode(value.pattern, depth), value.flags]}
    return NO_DATA[0](value, kind)


def decode_pattern(parts):
    re = library("re")

    try:
        return re.compile(decode(parts[0]), parts[1] & ~int(re.DEBUG))
    except re.error as error:
        raise ValueError(str(error)) from None


def encode_zone(value, kind, depth):
    zoneinfo = library("zoneinfo")

    if kind is zoneinfo.ZoneInfo and type(value.key) is str:
        return {"$zone": value.key}
    return NO_DATA[0](value, kind)


def encode_time_with_zone(value, kind, depth):
    """A time with its zone by name, and zones without one. All other times are what they are everywhere."""
    datetime = library("datetime")

    if kind is datetime.timezone:
        return {"$timezone": [encode(part, depth) for part in value.__getinitargs__()]}
    zone = value.tzinfo if kind is datetime.datetime else None
    zoneinfo = library("zoneinfo") if "zoneinfo" in sys.modules else None
    if zoneinfo and type(zone) is zoneinfo.ZoneInfo and type(zone.key) is str:
        return {"$zoned": [value.replace(tzinfo=None, fold=0).isoformat(), zone.key, value.fold]}
    return encode_datetime(value, kind, depth)


def decode_zone(name):
    zoneinfo = library("zoneinfo")

    return zoneinfo.ZoneInfo(name)


def decode_zoned(parts):
    datetime = library("datetime")

    text, zone, fold = parts
    return datetime.datetime.fromisoformat(text).replace(tzinfo=decode_zone(zone), fold=fold)


ENCODERS.update(
    {
        "pathlib": encode_path,
        "pathlib._local": encode_path,
        "uuid": encode_uuid,
        "re": encode_pattern,
        "zoneinfo": encode_zone,
        "datetime": encode_time_with_zone,
    }
)

DECODERS.update(
    {
        "$pathlib": decode_path,
        "$uuid": decode_number("uuid", "UUID"),
        "$pattern": decode_pattern,
        "$zone": decode_zone,
        "$zoned": decode_zoned,
        "$timezone": lambda parts: library("datetime").timezone(*decode(parts)),
    }
)

# Classes of ours below Python's own, and what their values are elsewhere.
PLAINLY = {}

# What a function may change for who gave it.
CHANGED = (list, dict, set, bytearray, collections.deque, collections.Counter, collections.OrderedDict, collections.defaultdict)


def may_be_changed(kind):
    """Whether values of a class are changed for who gave them: those above, and arrays of numpy."""
    return kind in CHANGED or kind is getattr(sys.modules.get("numpy"), "ndarray", None)


def take_over(arg, changed):
    """A function changes what it is given: so does its other end."""
    kind = PLAINLY.get(type(arg), type(arg))
    if not may_be_changed(kind) or type(changed) is not kind:
        return
    if kind not in CHANGED:
        if (arg.shape, arg.dtype) == (changed.shape, changed.dtype):
            arg[...] = changed
        return
    if kind in (list, bytearray):
        arg[:] = changed
        return
    arg.clear()
    arg.extend(changed) if kind is collections.deque else arg.update(changed)
