

# Does what the tests ask of the submission. Nothing here is trusted: the tests take every answer for a claim.

import builtins
import functools

CALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assize_call.json")

# What the submission prints while it is asked for one thing, in bytes: more goes to standard error, where it counts.
PRINTED = 1 << 16


# Classes of Python's whose objects are functions, and whether these are bound to the object whose class has them.
BINDING = {types.FunctionType: True, functools._lru_cache_wrapper: True, types.MethodType: False, type(len): False}


class Nothing:
    """A class that has no objects."""


def class_of_library(full):
    """A class that is imported in the tests, which may not be here."""
    module, _, name = full.rpartition(".")
    try:
        found = getattr(__import__(module, fromlist=[""]), name)
    except (ImportError, AttributeError):
        return Nothing
    return found if isinstance(found, type) else Nothing


def handed_exception(told):
    """An exception that the tests have made, and hand over."""
    claimed = Claimed(told)
    error = error_of(claimed, is_raised=False)
    vars(error).update(decode(told.get("attributes", {})))
    return error


def slots_held(error):
    for name, slot in slots_of(type(error)).items():
        try:
            yield name, slot.__get__(error, type(error))
        except AttributeError:
            # It has none.
            continue


class Server(Wire):
    """The end of the submission."""

    tells_all = True

    def __init__(self, lines, send, module):
        super().__init__(lines, send)
        self.module, self.names, self.printed = module, vars(module), None
        # Names by what they stand for, and classes that the tests were told of, or will be.
        self.named, self.told, self.untold = None, set(), {}
        # Functions of Python's that the tests have handed over, which go back by their names.
        self.given = set()
        DECODERS["$builtin"] = self.python_given
        DECODERS["$class"] = class_of_library
        DECODERS["$error"] = handed_exception

    def find(self, path):
        if not path:
            return self.module
        first, *rest = path
        if first in self.names:
            found = self.names[first]
        elif is_method_of_solution(self.names, first):
            found = getattr(self.names["Solution"](), first)
        elif "." in first and first.partition(".")[0] in self.names:
            # The function that asserts are about.
            found = find(self.module, first)
        else:
            raise NoName(first)
        for name in rest:
            found = getattr(found, name)
        return found

    def encode_object(self, value, kind):
        if kind is Constructed:
            return {"$error": self.raised(value.error)}
        name = name_in_python(value)
        return {"$builtin": name} if name in self.given else super().encode_object(value, kind)

    def python_given(self, name):
        self.given.add(name)
        return named_in_python(name)

    def beside(self, name, value):
        """The tests may change what they read."""
        is_read = name in ("getattr", "same") and type(value) in (list, dict, set)
        return {"held": self.number_of(value)} if is_read else {}

    def kind_of(self, value, kind):
        if issubclass(kind, BaseException):
            known = [each.__name__ for each in MRO_OF(kind) if self.names.get(each.__name__) is each]
            return {"classes": known, **self.name_of(value)}
        if isinstance(value, type):
            self.class_number(value)
            return {"is": "class"}
        return {"of": self.class_number(kind), **self.name_of(value)}

    def name_of(self, value):
        if self.named is None:
            names = reversed(list(self.names.items()))
            self.named = {id(each): name for name, each in names if type(name) is str}
        name = self.named.get(id(value))
        return {} if name is None else {"path": name}

    def class_number(self, kind):
        """Of a class that is told with the next message, if it was not told before."""
        number = self.number_of(kind)
        if number not in self.told and number not in self.untold:
            above = MRO_OF(kind)[1:]
            # What is above comes before it.
            self.untold[number] = None
            mro = [number, *map(self.class_told, above)]
            del self.untold[number]
            self.untold[number] = {**self.about_class(kind), "mro": mro, "bases": [*map(self.class_told, kind.__bases__)]}
        return number

    def class_told(self, kind):
        """A class of Python's by its name, and another one by its number."""
        full = f"{kind.__module__}.{kind.__qualname__}"
        is_python = str(kind.__module__).partition(".")[0] in sys.stdlib_module_names and python_class(full) is kind
        return full if is_python else self.class_number(kind)

    def about_class(self, kind):
        """A class, by the name that the submission gives it, with what its objects and itself can do."""
        mro, names = MRO_OF(kind), METHODS.keys() | OF_OBJECTS
        found = {name: vars(each)[name] for each in reversed(mro[:-1]) for name in vars(each).keys() & names}
        above = [each for each in MRO_OF(type(kind)) if each is not object and each is not type]
        meta = {name for each in above for name in vars(each).keys() & METHODS.keys()}
        return {
            "name": str(kind.__name__)[:200],
            "module": str(kind.__module__)[:200],
            "classes": [each.__name__ for each in mro if self.names.get(each.__name__) is each],
            "special": list(found),
            "without": [name for name, each in found.items() if each is None],
            "meta": list(meta | ({"__getitem__"} if hasattr(kind, "__class_getitem__") else set())),
            **({} if base_of(kind) is None else {"below": base_of(kind).__name__}),
            **({} if kind not in BINDING else {"binds": BINDING[kind]}),
            **self.name_of(kind),
        }

    def written(self, message):
        if not self.untold:
            return super().written(message)
        data = super().written({**message, "classes": list(self.untold.items())})
        self.told.update(self.untold)
        self.untold = {}
        return data

    def told_beside(self, error, depth):
        """What an exception holds, why it was raised, and what was noted on it."""
        told = {"notes": [encode_text(note) for note in getattr(error, "__notes__", ()) if type(note) is str]}
        held = {name: each for name, each in vars(error).items() if type(name) is str and not name.startswith("_")}
        told["attributes"] = encode(held)
        told["slots"] = encode({name: value for name, value in slots_held(error) if type(value) in SIMPLE})
        told["is_from"] = error.__suppress_context__
        for name, why in (("cause", error.__cause__), ("context", error.__context__)):
            if depth and why is not None and not (name == "context" and why is error.__cause__):
                told[name] = self.raised(why, depth - 1)
        if isinstance(error, ExceptionGroup):
            members = error.exceptions[: MEMBERS_TOLD + 1]
            told.update({"group": [self.raised(each, depth - 1) for each in members]} if depth else {"is_cut": True})
        return told

    def compare(self, name, *args):
        return args[0]._assize_ask(name, *args[1:])

    def noticed(self, found):
        pass

    def end(self, reason, kind=None):
        """What the tests do not give is an error of who asks for it."""
        raise TypeError(reason)

    def reply(self, request):
        self.named = None
        reply = super().reply(request)
        return {**reply, "printed": encode_text(self.printed.take())} if self.printed else reply

    def ask(self, name, /, *args, **kwargs):
        # What was printed before the tests are asked comes before what they print.
        before = encode_text(self.printed.take()) if self.printed else ""
        if before:
            self.exchange(self.written({"do": "print", "args": [before], "kwargs": {}}))
        return super().ask(name, *args, **kwargs)


class Printed:
    """Standard output as a file, whose new part is told with each answer."""

    def __init__(self):
        place = "/tmp/assize_printed"
        self.file, self.told = os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600), 0
        os.unlink(place)
        os.dup2(self.file, 1)

    def take(self):
        for stream in {id(each): each for each in (sys.stdout, sys.__stdout__)}.values():
            try:
                stream.flush()
            except Exception:
                # The submission may have closed or replaced it.
                continue
        size = os.fstat(self.file).st_size
        told, self.told = self.told, size
        if size - told > PRINTED:
            spill(self.file, told, size)
        return os.pread(self.file, min(size - told, PRINTED), told).decode(errors="replace")


def spill(file, start, end):
    while start < end:
        piece = os.pread(file, 1 << 16, start)
        os.write(2, piece)
        start += len(piece)


def take_wire():
    """Standard input and output, which are then another file and standard error for the submission."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)

    def send(data):
        replies.write(data + b"\n")
        replies.flush()

    return requests.readline, send


def main():
    with open(CALL, "rb") as file:
        asked = json.load(file)
    lines, send = take_wire()
    printed = Printed() if asked.get("tells_output") else None
    try:
        module = load(asked["entry"])
    except BaseException as error:
        return failed(error)
    finally:
        if printed:
            os.write(2, printed.take().encode(errors="replace"))
    server = Server(lines, send, module)
    server.printed = printed
    # Threads of the submission ask while it is asked: between a reply and the next request the tests wait for nothing.
    server.lock.acquire()
    while line := lines():
        server.lock.release()
        reply = server.reply_to(READ(line.decode()))
        server.lock.acquire()
        send(reply)
    server.lock.release()
    return end_process()


main()
