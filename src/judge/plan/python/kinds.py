

# Values that cross the wire as what they are, beside those that are data everywhere.

import collections

# Python's own classes, which are themselves at both ends.
PLAIN = {
    each.__name__: each
    for each in (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, object, type)
}


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
]

DECODERS.update(
    {
        "$slice": lambda parts: slice(*decode(parts)),
        "$range": lambda parts: range(*decode(parts)),
        "$bytearray": lambda text: bytearray(base64.b64decode(text)),
        "$deque": lambda parts: collections.deque(decode(parts[0]), decode(parts[1])),
        "$counter": lambda items: collections.Counter(dict(pairs_of(items))),
        "$ordered": lambda items: collections.OrderedDict(pairs_of(items)),
        "$defaultdict": lambda items: collections.defaultdict(decode(items[0]), pairs_of(items[1:])),
        "$builtin": lambda name: PLAIN[name],
    }
)

# Classes of ours below Python's own, and what their values are elsewhere.
PLAINLY = {}

# What a function may change for who gave it.
CHANGED = (list, dict, set, bytearray, collections.deque, collections.Counter, collections.OrderedDict, collections.defaultdict)


def take_over(arg, changed):
    """A function changes what it is given: so does its other end."""
    kind = PLAINLY.get(type(arg), type(arg))
    if kind not in CHANGED or type(changed) is not kind:
        return
    if kind in (list, bytearray):
        arg[:] = changed
        return
    arg.clear()
    arg.extend(changed) if kind is collections.deque else arg.update(changed)
