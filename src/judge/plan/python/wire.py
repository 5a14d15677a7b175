

# The wire between the box of the submission and the box of the tests: each end asks the other to do something with
# objects that it holds, and is answered with data, or with the number of an object that is none.
#
# The two ends are the same program and trust each other differently: that of the submission does whatever it is asked,
# that of the tests does only what `may` allows with what the tests have handed over, and takes every answer for a claim.

import builtins
import types
import weakref
from _thread import RLock

# A message, in bytes, at most.
MESSAGE_BYTES = 8 << 20


# What reading a message of the other end fails with, also where pandas reads it.
MALFORMED = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, RuntimeError, TypeError, ValueError),
)


class Ended(Exception):
    """The submission answers no more."""


class Missing(Ended):
    """The submission has no such name."""


class Unproven(Ended):
    """What a test asks proves nothing, so nothing that it comes to counts."""


class Refused(AttributeError):
    """The other end may not do that with what it was given."""

    def __init__(self, wire):
        super().__init__("the tests do not let the program do that")
        self.wire = wire


class NoName(Exception):
    """Nothing is called so here."""


class Claimed(Exception):
    """What the other end says that it raised."""

    def __init__(self, reply):
        self.line = reply["raised"]
        self.message = str(decode(reply.get("message", "")))
        super().__init__(self.message)
        self.reply = reply


def line_of_error(kind):
    """A class of exceptions with those above it, up to the first of Python's own: name, full name, bases."""
    above = [] if kind.__module__ == "builtins" else [base for base in kind.__bases__ if issubclass(base, BaseException)]
    return [str(kind.__name__), f"{kind.__module__}.{kind.__qualname__}", [line_of_error(base) for base in above]]


# What attributes of Python's own exceptions are, such as the line of a SyntaxError, and the values of them that are told.
SLOTS = (types.MemberDescriptorType, types.GetSetDescriptorType)
SIMPLE = (bool, int, float, str, bytes)


def slots_of(kind):
    """Attributes that the class of Python's own above a class of exceptions has in a place of its own. Those of Unicode say
    where in a text something is, which holds for that text alone."""
    if issubclass(kind, UnicodeError):
        return {}
    above = [each for each in type.__dict__["__mro__"].__get__(kind) if vars(builtins).get(each.__name__) is each]
    found = {name: slot for each in reversed(above) for name, slot in vars(each).items() if isinstance(slot, SLOTS)}
    return {name: slot for name, slot in found.items() if name[:1] != "_" and name != "args"}


def changed_arguments(given):
    """Those of the arguments that are another value than they were: their places and what they are now."""
    numbered = [(place, encode(arg), before) for place, (arg, before) in enumerate(given) if may_be_changed(type(arg))]
    return [[place, now] for place, now, before in numbered if not is_same_data(now, before)]


def is_same_data(one, other):
    """Whether two values were encoded alike. Python calls 1, 1.0 and True equal, and dicts in another order."""
    return one == other and JSON.encode(one) == JSON.encode(other)


# Exceptions inside of each other that are told, and members of a group, at most.
CHAIN, MEMBERS_TOLD = 5, 100


class Wire:
    """One end: what it holds for the other one, and how it asks."""

    # Exceptions that are no concern of the other end.
    passing = ()

    # Whether the other end is told more of an exception than its class, arguments and message.
    tells_all = False

    def __init__(self, lines, send):
        self.lines, self.send = lines, send
        # A request and its reply are not interrupted by another thread.
        self.lock = RLock()
        # Objects that are no data stay here, and are known to the other end by their numbers.
        self.held, self.numbers = [], {}
        # Those of the other end that are in use here, by their process and number, and by their names in its module.
        self.seen, self.named_objects = weakref.WeakValueDictionary(), weakref.WeakValueDictionary()
        # Classes that the other end has described, by the same.
        self.classes = {}
        # Why the other end answers no more, which a test that catches every exception must not hide.
        self.over = None
        # Which process the other end is, and whether more than names were asked of it.
        self.process, self.asked = 0, 0
        # The number of the list, dict or set that the last answer is a copy of.
        self.held_there = None
        for name in {kind.partition(".")[0] for kind in (*ENCODERS, "pandas")} & sys.modules.keys():
            library(name)
        NO_DATA[0] = self.encode_object
        DECODERS["$held"] = lambda number: self.held[number]
        DECODERS["$object"] = lambda parts: foreign(self, int(parts[0]), parts[1])
        DECODERS["$path"] = self.find

    def may(self, name, args):
        """Whether the other end may have this done."""
        return True

    def find(self, path):
        raise ValueError("nothing has a name here")

    def holds(self, value, kind):
        """Whether an object may be known to the other end."""
        return True

    def encode_object(self, value, kind):
        if issubclass(kind, Foreign):
            return value._assize_address()
        origin = origin_of(value) if issubclass(kind, BaseException) else None
        if origin is not None:
            return origin._assize_address()
        if kind is ErrorClass and value in THERE:
            return THERE[value]._assize_address()
        return self.object_of(value, kind)

    def object_of(self, value, kind):
        if kind is type and PLAIN.get(value.__name__) is value:
            return {"$builtin": value.__name__}
        if not self.holds(value, kind):
            raise no_data(kind)
        return {"$object": [self.number_of(value), self.about(value, kind)]}

    def number_of(self, value):
        number = self.numbers.get(id(value))
        if number is None or self.held[number] is not value:
            number = self.numbers[id(value)] = len(self.held)
            self.held.append(value)
        return number

    def about(self, value, kind):
        """What the other end should know of an object before it asks."""
        if isinstance(value, types.CoroutineType):
            return {"is": "coroutine"}
        if isinstance(value, type) and issubclass(value, BaseException):
            return {"is": "exception", "line": line_of_error(value), **self.name_of(value)}
        return {"is": "function" if callable(value) else "object", **self.kind_of(value, kind)}

    def kind_of(self, value, kind):
        """What the other end should know of the class of an object."""
        return {}

    def name_of(self, value):
        """The name that the submission has for an object."""
        return {}

    def beside(self, name, value):
        """What the other end is told beside a value that it asked for."""
        return {}

    def written(self, message):
        data = JSON.encode(message).encode()
        if len(data) >= MESSAGE_BYTES:
            raise NoData(f"a value takes more than {MESSAGE_BYTES} bytes of JSON")
        return data

    def ask(self, name, /, *args, **kwargs):
        self.asked += name != "same"
        encoded = [encode(arg) for arg in args]
        named = {key: encode(arg) for key, arg in kwargs.items()}
        with self.lock:
            reply = self.exchange(self.written({"do": name, "args": encoded, "kwargs": named}))
            return self.taken(reply, [*args, *kwargs.values()])

    def exchange(self, data):
        """Sends a request and waits for its reply; until then the other end may ask, too."""
        self.send(data)
        while True:
            message = self.receive()
            if "do" not in message:
                return message
            self.send(self.reply_to(message))

    def receive(self):
        line = self.lines()
        if not line:
            self.end("the program ended before it answered")
        try:
            message = READ(line.decode())
        except (RecursionError, ValueError):
            self.end("the program answered with what is no data")
        if type(message) is not dict:
            self.end("the program answered with what is no data")
        try:
            for number, about in message.get("classes", ()):
                learn(self, number, about)
        except MALFORMED:
            self.end("the program answered with what is no data")
        return message

    def end(self, reason, kind=Ended):
        self.over = kind(reason)
        raise self.over

    def looks(self):
        """Something of a class of the other end is looked at that is known here."""
        self.asked += 1

    def is_own(self, path):
        """Whether a file is one of the tests."""
        return False

    def print(self, text):
        """What the other end has printed meanwhile."""

    def contains(self, found, item):
        """Whether an object of the other end holds an item."""
        return found._assize_ask("contains", item)

    def attribute(self, found, name):
        return found._assize_ask("getattr", name)

    def iterated(self, found):
        return found._assize_ask("iter")

    def class_of_exceptions(self, number, about):
        """A class of exceptions of the other end that is handed on."""
        return error_class(about["line"])

    def class_raised(self, line):
        """The class of an exception that the other end raised."""
        return error_class(line)

    def may_swallow(self, raised, trace):
        """Whether an object of the other end may end an exception of this one."""
        return True

    def told_of(self, error):
        """What the other end may read of an exception of this one."""
        return str(error), error.args

    def taken(self, reply, given):
        try:
            self.print(decode(reply.get("printed", "")))
            if "missing" in reply:
                self.end(f"the program defines no {str(reply['missing'])[:100]}", Missing)
            if "no_data" in reply:
                self.end(str(reply["no_data"])[:1000])
            for place, changed in reply.get("changed") or []:
                take_over(given[place], decode(changed))
            if "raised" not in reply:
                found = decode(reply["value"])
                self.held_there = reply.get("held")
                return found
            claimed = Claimed(reply)
        except Ended:
            raise
        except MALFORMED as error:
            self.end(f"the program answered with what is no data: {type(error).__name__}")
        raise claimed

    def reply_to(self, request):
        try:
            return self.written(self.reply(request))
        except (NoData, ValueError) as reason:
            return self.written({"no_data": str(reason)})

    def reply(self, request):
        given = []
        try:
            args = [decode(arg) for arg in request["args"]]
            kwargs = {key: decode(arg) for key, arg in request["kwargs"].items()}
            given = list(zip([*args, *kwargs.values()], [*request["args"], *request["kwargs"].values()]))
            if not self.may(request["do"], args):
                raise Refused(self)
            value = OPERATIONS[request["do"]](*args, **kwargs)
        except NoName as missing:
            return {"missing": str(missing)}
        except (Ended, *self.passing):
            raise
        except BaseException as error:
            return self.with_changed(self.raised(error), given, request["do"])
        try:
            reply = {"value": encode(value)}
        except NoData:
            # It is data on the outside only.
            reply = {"value": self.encode_object(value, type(value))}
        reply.update(self.beside(request["do"], value))
        return self.with_changed(reply, given, request["do"])

    def with_changed(self, reply, given, name):
        """A reply, with what has become of the arguments. What the tests change comes back by itself."""
        changed = [] if name == "change" else changed_arguments(given)
        # What an exception of this end was told with is of another call.
        return {**{key: each for key, each in reply.items() if key != "changed"}, **({"changed": changed} if changed else {})}

    def raised(self, error, depth=CHAIN):
        if isinstance(error, Claimed):
            return error.reply
        origin = vars(error).get("_origin")
        try:
            message, args = self.told_of(error)
            if isinstance(error, OSError) and args:
                # What it is about is none of its arguments.
                args = OSError.__reduce__(error)[1]
            reply = {"raised": line_of_error(type(error)), "message": encode_text(message)}
            reply["error"] = encode(origin) if is_foreign(origin) else self.object_of(error, type(error))
            reply["args"] = [encode(arg) for arg in args]
            if self.tells_all:
                reply.update(self.told_beside(error, depth))
        except NoData:
            pass
        return reply
