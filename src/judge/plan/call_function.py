"""Calls a function of the submission, and leaves what it returns as data. Nothing here is trusted: it runs beside the
submission, which can claim any value and never learns which one is expected."""
import base64
import json
import os
import sys

CALL = os.path.abspath("assize_call.json")
REPORT = os.path.abspath("assize_report.json")

# Values inside of each other, at most: three arrays or objects of JSON for each, of which the judge reads 200.
DEPTH = 60

# Larger integers are written in hexadecimal, which can be of any length.
SMALL = 1 << 63


class NoData(Exception):
    """A value cannot leave, and why."""


def no_data(kind):
    name = kind.__name__ if type(kind.__name__) is str else "?"
    return NoData(f"a value of the type {name[:100]!r} is no data; only Python's own types, of numpy and pandas are")


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
    if kind is bytes or kind is bytearray:
        return {"$bytes": text_of(value)}
    if kind is complex:
        return {"$complex": [encode_float(value.real), encode_float(value.imag)]}
    encoder = ENCODERS.get(kind.__module__) if type(kind.__module__) is str else None
    if encoder is None and str(kind.__module__).startswith("pandas."):
        encoder = encode_pandas
    if encoder is None:
        raise no_data(kind)
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
    import collections

    if kind in (collections.Counter, collections.OrderedDict, collections.defaultdict):
        return encode_dict(list(dict.items(value)), depth)
    raise no_data(kind)


def encode_decimal(value, kind, depth):
    import decimal

    if kind is decimal.Decimal and not value.is_snan():
        return {"$decimal": "NaN" if value.is_nan() else str(value)}
    raise no_data(kind)


def encode_fraction(value, kind, depth):
    import fractions

    if kind is fractions.Fraction:
        return {"$fraction": f"{hex(value.numerator)}/{hex(value.denominator)}"}
    raise no_data(kind)


def encode_datetime(value, kind, depth):
    import datetime

    if kind is datetime.timedelta:
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    if kind is datetime.date:
        return {"$date": value.isoformat()}
    if kind is datetime.time and value.tzinfo is None:
        return {"$time": value.isoformat()}
    if kind is datetime.datetime:
        return {"$datetime": value.isoformat()}
    raise no_data(kind)


def encode_numpy(value, kind, depth):
    import numpy

    if kind is numpy.ndarray and value.dtype.kind in "biufcSU":
        items = [encode(item, depth) for item in value.ravel().tolist()]
        return {"$array": {"shape": list(value.shape), "items": items}}
    if kind is not numpy.ndarray and issubclass(kind, numpy.generic):
        item = value.item()
        if type(item) is not kind:
            return encode(item, depth)
    raise no_data(kind)


def encode_pandas(value, kind, depth):
    import pandas

    def items(values):
        return [encode(item, depth) for item in values.tolist()]

    if kind is pandas.Timestamp:
        return {"$datetime": value.to_pydatetime(warn=False).isoformat()}
    if value is pandas.NaT or value is pandas.NA:
        return {"$missing": True}
    if kind is pandas.Series:
        return {"$series": {"index": items(value.index), "values": items(value), "name": encode(value.name, depth)}}
    if kind is pandas.DataFrame:
        names = items(value.columns)
        columns = [[name, items(value.iloc[:, place])] for place, name in enumerate(names)]
        return {"$frame": {"index": items(value.index), "columns": columns}}
    raise no_data(kind)


ENCODERS = {
    "collections": encode_collections,
    "decimal": encode_decimal,
    "fractions": encode_fraction,
    "datetime": encode_datetime,
    "numpy": encode_numpy,
}


def text_of(data):
    return base64.b64encode(data).decode()


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
    return lambda text: getattr(__import__(module), name)(text)


def decode_fraction(text):
    import fractions

    numerator, _, denominator = text.partition("/")
    return fractions.Fraction(int(numerator, 0), int(denominator or "1", 0))


def decode_time(name):
    def read(text):
        import datetime

        return getattr(datetime, name).fromisoformat(text)

    return read


def decode_timedelta(parts):
    import datetime

    return datetime.timedelta(*parts)


def decode_array(content):
    import numpy

    if type(content) is list:
        return numpy.array(decode(content))
    return numpy.array(decode(content["items"])).reshape(content["shape"])


def decode_series(content):
    import pandas

    index = decode(content.get("index", []))
    return pandas.Series(decode(content["values"]), index=index or None, name=decode(content.get("name")))


def decode_frame(content):
    import pandas

    index = decode(content.get("index", []))
    columns = [(decode(name), decode(items)) for name, items in content["columns"]]
    return pandas.DataFrame(dict(columns), index=index or None)


def decode_missing(_content):
    import pandas

    return pandas.NaT


DECODERS = {
    "$int": lambda text: int(text, 0),
    "$float": float,
    "$tuple": lambda items: tuple(decode(items)),
    "$set": lambda items: set(decode(items)),
    "$frozenset": lambda items: frozenset(decode(items)),
    "$dict": lambda items: {decode(key): decode(item) for key, item in items},
    "$bytes": base64.b64decode,
    "$surrogates": lambda text: base64.b64decode(text).decode("utf-8", "surrogatepass"),
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


def load(entry):
    """The program as a module. It is no `__main__`, so that what it does when it is started is not done."""
    path = os.path.abspath(entry)
    name = os.path.splitext(os.path.basename(entry))[0]
    module = type(sys)(name)
    module.__file__ = path
    # Data classes and annotations look for the module of a class there.
    vars(sys)["modules"].setdefault(name, module)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    exec(code, vars(module))
    return module


def find(module, call):
    """The function that is called so; one that is not there is a method of the class `Solution`, if that has it."""
    first, *rest = call.split(".")
    names = vars(module)
    if not rest and first not in names and hasattr(names.get("Solution"), first):
        first, rest = "Solution", [first]
    if first not in names:
        raise NameError(f"the program defines no {call}")
    found = names[first]
    if rest and isinstance(found, type):
        found = found()
    for name in rest:
        found = getattr(found, name)
    return found


def names_of(kind):
    names = []
    for each in kind.__mro__:
        names += [str(each.__name__), f"{each.__module__}.{each.__qualname__}"]
    return names


def report(content):
    data = json.dumps(content, allow_nan=False).encode()
    with open(os.open(REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)


def outcome(value, args):
    try:
        content = {"value": encode(value)}
        if args is not None:
            content["args"] = [encode(arg) for arg in args]
    except NoData as reason:
        return {"no_data": str(reason)}
    return content


def main():
    with open(CALL, "rb") as file:
        asked = json.load(file)
    args = [decode(arg) for arg in asked["args"]]
    kwargs = {name: decode(arg) for name, arg in asked["kwargs"].items()}
    try:
        function = find(load(asked["entry"]), asked["call"])
    except BaseException as error:
        return failed(error)
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        report({"raised": names_of(type(error)), "message": encode_text(str(error))})
        return failed(error)
    report(outcome(value, args if asked["report_args"] else None))
    return None


def failed(error):
    """As Python ends with an exception, without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    sys.exit(1)


main()
