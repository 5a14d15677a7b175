"""Values as data, on their way out of an interpreter and into one. What is read is never more than data."""
import base64
import json
import os
import sys

# Tests may patch these where this runs.
TO_BASE64, FROM_BASE64 = base64.b64encode, base64.b64decode
READ = json.JSONDecoder().decode

library_before = {}


def library(name):
    """A module of the library as it was before the tests patched anything of it."""
    if name not in library_before:
        __import__(name)
        library_before[name] = type(sys.implementation)(**vars(sys.modules[name]))
    return library_before[name]


# Values inside of each other, at most: three arrays or objects of JSON for each, of which the judge reads 200.
DEPTH = 60

# Without spaces: values are bounded by how long they are.
JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":"))

# Larger integers are written in hexadecimal, which can be of any length.
SMALL = 1 << 63


class NoData(Exception):
    """A value cannot leave, and why."""


def no_data(kind):
    name = kind.__name__ if type(kind.__name__) is str else "?"
    return NoData(f"a value of the type {name[:100]!r} is no data; only Python's own types, of numpy and pandas are")


def refuse(_value, kind):
    raise no_data(kind)


# What becomes of a value that is no data, wherever it is: a program that can name such a value puts a function here.
NO_DATA = [refuse]


# What says of a value of a class below Python's own which value of Python's it counts as, if it counts as any.
COUNTED_AS = []


# Types that a program writes as more than the data that they hold, with how it does.
KINDS = []


def encode(value, depth=DEPTH):
    """A value of exactly one of the types that are data, never of a class below one of them."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return encode_text(value)
    if kind is int:
        return value if -SMALL < value < SMALL else {"$int": hex(value)}
    if kind is float:
        return encode_float(value)
    if depth == 0:
        raise NoData(f"a value is nested deeper than {DEPTH} levels, or holds itself")
    depth -= 1
    if kind is list:
        return [encode(item, depth) for item in value]
    if kind is dict:
        return encode_dict(list(value.items()), depth)
    for name, sequence in (("$tuple", tuple), ("$set", set), ("$frozenset", frozenset)):
        if kind is sequence:
            return {name: [encode(item, depth) for item in value]}
    for each, write in KINDS:
        if kind is each:
            return write(value, depth)
    if kind is bytes or kind is bytearray:
        return {"$bytes": text_of(value)}
    if kind is complex:
        return {"$complex": [encode_float(value.real), encode_float(value.imag)]}
    for plain_of in COUNTED_AS:
        plain = plain_of(value, kind)
        if plain is not None:
            return encode(plain, depth + 1)
    module = kind.__module__ if type(kind.__module__) is str else ""
    encoder = encode_pandas if module.partition(".")[0] == "pandas" else ENCODERS.get(module)
    if encoder is None:
        return NO_DATA[0](value, kind)
    return encoder(value, kind, depth)


def encode_text(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"$surrogates": text_of(value.encode("utf-8", "surrogatepass"))}
    return value


def encode_float(value):
    if value != value:
        return {"$float": "nan"}
    if value in (float("inf"), float("-inf")):
        return {"$float": "inf" if value > 0 else "-inf"}
    return value


def encode_dict(items, depth):
    is_plain = all(type(key) is str and not key.startswith("$") for key, _ in items)
    if is_plain and all(type(encode_text(key)) is str for key, _ in items):
        return {key: encode(value, depth) for key, value in items}
    return {"$dict": [[encode(key, depth), encode(value, depth)] for key, value in items]}


def encode_collections(value, kind, depth):
    collections = library("collections")

    if kind in (collections.Counter, collections.OrderedDict, collections.defaultdict):
        return encode_dict(list(dict.items(value)), depth)
    return NO_DATA[0](value, kind)


def encode_decimal(value, kind, depth):
    decimal = library("decimal")

    if kind is decimal.Decimal and not value.is_snan():
        return {"$decimal": "NaN" if value.is_nan() else str(value)}
    return NO_DATA[0](value, kind)


def encode_fraction(value, kind, depth):
    fractions = library("fractions")

    if kind is fractions.Fraction:
        return {"$fraction": f"{hex(value.numerator)}/{hex(value.denominator)}"}
    return NO_DATA[0](value, kind)


def encode_datetime(value, kind, depth):
    datetime = library("datetime")

    if kind is datetime.timedelta:
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if kind is datetime.date:
        return {"$date": value.isoformat()}
    if kind is datetime.time and value.tzinfo is None:
        return {"$time": value.isoformat()}
    if kind is datetime.datetime:
        return {"$datetime": value.isoformat()}
    return NO_DATA[0](value, kind)


# Kinds of dtypes of numpy whose items are no text.
NUMBERS = "biufc"


def encode_numpy(value, kind, depth):
    numpy = library("numpy")

    if kind is numpy.ndarray and value.dtype.kind in "biufcSU":
        items = [encode(item, depth) for item in value.ravel().tolist()]
        dtype = {"dtype": str(value.dtype)} if value.dtype.kind in NUMBERS else {}
        return {"$array": {"shape": list(value.shape), "items": items, **dtype}}
    if kind is not numpy.ndarray and issubclass(kind, numpy.generic):
        item = value.item()
        if type(item) is not kind:
            return encode(item, depth)
    return NO_DATA[0](value, kind)


def encode_pandas(value, kind, depth):
    pandas = library("pandas")

    if kind is pandas.Timestamp:
        return {"$datetime": value.to_pydatetime(warn=False).isoformat()}
    if kind is pandas.Timedelta:
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if value is pandas.NaT or value is pandas.NA:
        return {"$missing": True if value is pandas.NaT else "NA"}
    if kind is pandas.Series:
        content = {**encode_index(value.index, depth), "values": encode_items(value, depth)}
        return {"$series": {**content, "name": encode(value.name, depth), "dtype": encode_dtype(value.dtype, depth)}}
    if kind is pandas.DataFrame:
        names, series = encode_items(value.columns, depth), [value.iloc[:, place] for place in range(len(value.columns))]
        columns = [[name, encode_items(each, depth)] for name, each in zip(names, series)]
        dtypes = [encode_dtype(each.dtype, depth) for each in series]
        content = {**encode_index(value.index, depth), **encode_names("column_names", value.columns, depth)}
        return {"$frame": {**content, "columns": columns, "dtypes": dtypes}}
    return NO_DATA[0](value, kind)


def encode_items(values, depth):
    return [encode(item, depth) for item in values.tolist()]


def encode_index(index, depth):
    content = {"index": encode_items(index, depth), **encode_names("index_names", index, depth)}
    dtype = encode_dtype(index.dtype, depth)
    if not len(index) or type(dtype) is dict:
        # The items do not say it.
        content["index_dtype"] = dtype
    freq = getattr(index, "freqstr", None)
    return {**content, "index_freq": freq} if type(freq) is str else content


def encode_names(field, index, depth):
    names = list(index.names)
    return {} if names == [None] else {field: [encode(name, depth) for name in names]}


def encode_dtype(dtype, depth):
    pandas = library("pandas")

    if type(dtype) is pandas.CategoricalDtype and dtype.categories is not None:
        return {"categories": encode_items(dtype.categories, depth), "ordered": dtype.ordered is True}
    return str(dtype)


ENCODERS = {
    "collections": encode_collections,
    "decimal": encode_decimal,
    "fractions": encode_fraction,
    "datetime": encode_datetime,
    "numpy": encode_numpy,
}


def text_of(data):
    return TO_BASE64(data).decode()


def decode(value):
    """What a test gives to a function."""
    if type(value) is list:
        return [decode(item) for item in value]
    if type(value) is not dict:
        return value
    if len(value) == 1:
        ((tag, content),) = value.items()
        if tag.startswith("$"):
            return DECODERS[tag](content)
    return {key: decode(item) for key, item in value.items()}


def decode_number(module, name):
    return lambda text: getattr(library(module), name)(text)


def decode_fraction(text):
    fractions = library("fractions")

    numerator, _, denominator = text.partition("/")
    return fractions.Fraction(int(numerator, 0), int(denominator or "1", 0))


def decode_time(name):
    def read(text):
        datetime = library("datetime")

        return getattr(datetime, name).fromisoformat(text)

    return read


def decode_timedelta(parts):
    datetime = library("datetime")

    return datetime.timedelta(*parts)


def decode_array(content):
    numpy = library("numpy")

    if type(content) is list:
        return numpy.array(decode(content))
    dtype = numpy.dtype(content["dtype"]) if "dtype" in content else None
    if dtype is not None and dtype.kind not in NUMBERS:
        raise ValueError("a dtype of no numbers")
    return numpy.array(decode(content["items"]), dtype=dtype).reshape(content["shape"])


def decode_series(content):
    pandas = library("pandas")

    values, index = decode(content["values"]), decode_index(content)
    return pandas.Series(values, index=index, name=decode(content.get("name")), dtype=decode_dtype(content.get("dtype")))


def decode_frame(content):
    pandas = library("pandas")

    index, columns = decode_index(content), content["columns"]
    dtypes = content.get("dtypes") or [None] * len(columns)
    series = [pandas.Series(decode(items), dtype=decode_dtype(dtype)) for (_, items), dtype in zip(columns, dtypes)]
    frame = pandas.DataFrame({place: each.array for place, each in enumerate(series)}, index=index)
    if columns or "column_names" in content:
        frame.columns = index_of([decode(name) for name, _ in columns], None, content.get("column_names"))
    return frame


def decode_index(content):
    items, dtype = decode(content.get("index", [])), content.get("index_dtype")
    if not items and dtype is None:
        return None
    index = index_of(items, dtype, content.get("index_names"))
    if "index_freq" in content:
        index.freq = content["index_freq"]
    return index


def index_of(items, dtype, names):
    pandas = library("pandas")

    if not items and names and len(names) > 1:
        return pandas.MultiIndex.from_arrays([[] for _ in names], names=decode(names))
    index = pandas.Index(items, dtype=decode_dtype(dtype))
    if names:
        index.names = decode(names)
    return index


def decode_dtype(dtype):
    pandas = library("pandas")

    if type(dtype) is dict:
        return pandas.CategoricalDtype(decode(dtype["categories"]), dtype["ordered"])
    return dtype


def decode_missing(content):
    pandas = library("pandas")

    return pandas.NA if content == "NA" else pandas.NaT


DECODERS = {
    "$int": lambda text: int(text, 0),
    "$float": float,
    "$tuple": lambda items: tuple(decode(items)),
    "$set": lambda items: set(decode(items)),
    "$frozenset": lambda items: frozenset(decode(items)),
    "$dict": lambda items: {decode(key): decode(item) for key, item in items},
    "$bytes": FROM_BASE64,
    "$surrogates": lambda text: FROM_BASE64(text).decode("utf-8", "surrogatepass"),
    "$complex": lambda parts: complex(*decode(parts)),
    "$decimal": decode_number("decimal", "Decimal"),
    "$fraction": decode_fraction,
    "$date": decode_time("date"),
    "$time": decode_time("time"),
    "$datetime": decode_time("datetime"),
    "$timedelta": decode_timedelta,
    "$array": decode_array,
    "$series": decode_series,
    "$frame": decode_frame,
    "$missing": decode_missing,
}
