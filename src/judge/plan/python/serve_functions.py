

# Does what the tests ask of the submission. Nothing here is trusted: the tests take every answer for a claim.

import builtins

CALL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "assize_call.json")

# What the submission prints while it is asked for one thing, in bytes: more goes to standard error, where it counts.
PRINTED = 1 << 16


class Server(Wire):
    """The end of the submission."""

    tells_all = True

    def __init__(self, lines, send, module):
        super().__init__(lines, send)
        self.module, self.names, self.printed = module, vars(module), None
        DECODERS["$builtin"] = lambda name: vars(builtins)[name]

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

    def kind_of(self, value, kind):
        """Classes by the names that the submission gives them."""
        known = [each.__name__ for each in kind.__mro__ if self.names.get(each.__name__) is each]
        told = {"classes": known, **self.name_of(value)}
        if issubclass(kind, str):
            told["below"] = "str"
        if isinstance(value, type):
            return {**told, **self.about_class(value)}
        if not issubclass(kind, BaseException):
            told["of"] = [self.number_of(kind), {**self.name_of(kind), **self.about_class(kind)}]
        return told

    def name_of(self, value):
        """The name that the submission has for an object."""
        names = (name for name, each in list(self.names.items()) if each is value and type(name) is str)
        name = next(names, None)
        return {} if name is None else {"path": name}

    def about_class(self, kind):
        calls = any("__call__" in vars(each) for each in kind.__mro__)
        return {"is": "class", "name": str(kind.__name__), "module": str(kind.__module__), "calls": calls}

    def told_beside(self, error, depth):
        """What an exception holds, why it was raised, and what was noted on it."""
        told = {"notes": [encode_text(note) for note in getattr(error, "__notes__", ()) if type(note) is str]}
        held = {name: each for name, each in vars(error).items() if type(name) is str and not name.startswith("_")}
        told["attributes"] = encode(held)
        if depth and error.__cause__ is not None:
            told["cause"] = self.raised(error.__cause__, depth - 1)
        if depth and isinstance(error, ExceptionGroup):
            told["group"] = [self.raised(each, depth - 1) for each in error.exceptions[:CHAIN]]
        return told

    def compare(self, name, *args):
        return args[0]._ask(name, *args[1:])

    def noticed(self, found):
        pass

    def end(self, reason, kind=None):
        """What the tests do not give is an error of who asks for it."""
        raise TypeError(reason)

    def reply(self, request):
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
    while line := lines():
        send(server.reply_to(json.loads(line)))
    return end_process()


main()
