

# What tests patch of Python for the submission: the input that it reads, what `print` and `open` are, functions of the
# library such as `time.sleep`, arguments and the environment. Before each request it is held against what is there.

# Modules whose functions are patched there too. The end of the submission needs none of them.
PATCHED_MODULES = set(
    "time random posixpath shutil subprocess socket getpass uuid secrets webbrowser glob platform tempfile smtplib "
    "urllib.request".split()
)

# Functions of these modules that are patched there.
PATCHED_FUNCTIONS = {
    "builtins": "input print open".split(),
    "os": "getenv getcwd listdir remove rename makedirs mkdir system walk getlogin cpu_count".split(),
}


def place_patched(target, name):
    """The place of something that a test patches, if the submission has the same there."""
    if type(target) is not types.ModuleType or type(name) is not str or name.startswith("_"):
        return None
    module = target.__name__
    is_patched = module in PATCHED_MODULES or name in PATCHED_FUNCTIONS.get(module, ())
    return (module, name) if is_patched and callable(getattr(target, name, None)) else None


class Patched:
    """What is told of it, in the process of the submission that there is."""

    def __init__(self):
        # Functions as Python has them by their places, and what stands there at the other end.
        self.original = {("builtins", name): getattr(builtins, name) for name in PATCHED_FUNCTIONS["builtins"]}
        self.told = {}
        self.streams = {"stdin": None, "argv": None}
        self.argv, self.environment = list(sys.argv), environment_here()
        self.told_environment, self.seed = {}, None

    def watch(self, target, name):
        place = place_patched(target, name)
        if place is not None:
            self.original.setdefault(place, getattr(target, name))

    def forget(self):
        """Another process has nothing patched."""
        self.told, self.told_environment = {}, {}
        self.streams = dict.fromkeys(self.streams)

    def changes(self):
        """What is to be told now, each with the words for it."""
        for (module, name), original in list(self.original.items()):
            found = getattr(sys.modules[module], name, original)
            if found is not self.told.get((module, name), original):
                self.told[module, name] = found
                yield "replace", module, name, *([] if found is original else [found])
        for name, found in (("stdin", sys.stdin), ("argv", sys.argv)):
            text = text_of_stream(found) if name == "stdin" else arguments(found, self.argv)
            known = None if text is None else found
            if known is not self.streams[name]:
                self.streams[name] = known
                yield "replace_stream", name, *([] if known is None else [text])
        yield from self.changes_of_environment()
        seed, self.seed = self.seed, None
        if seed:
            yield "seed", *seed


    def changes_of_environment(self):
        now = environment_here()
        if now == self.environment and not self.told_environment:
            return
        names = now.keys() | self.environment.keys()
        changed = {os.fsdecode(name): now.get(name) for name in names if now.get(name) != self.environment.get(name)}
        changed = {name: value if value is None else os.fsdecode(value) for name, value in changed.items()}
        if changed != self.told_environment:
            yield "set_environment", {**dict.fromkeys(self.told_environment.keys() - changed.keys(), False), **changed}
            self.told_environment = changed


def environment_here():
    """What pytest says there of itself and of the test that runs is for nobody else."""
    here = dict(os.environ._data)
    for name in (b"PYTEST_CURRENT_TEST", b"PYTEST_VERSION"):
        here.pop(name, None)
    return here


def text_of_stream(stream):
    """What is left to read of a stream that a test puts into the place of standard input."""
    if type(stream) is io.StringIO and not stream.closed:
        return stream.getvalue()[stream.tell() :]
    buffer = getattr(stream, "buffer", None) if type(stream) is io.TextIOWrapper else None
    return buffer.getvalue() if type(buffer) is io.BytesIO else None


def arguments(found, usual):
    is_given = type(found) is list and found != usual and all(type(each) is str for each in found)
    return list(found) if is_given else None


def watch_patching(patched):
    """What a test patches is watched from then on."""
    import random

    # It is on the path only since the tests have begun.
    from _pytest import monkeypatch

    patch = monkeypatch.MonkeyPatch
    set_attribute, resolve = patch.setattr, monkeypatch.derive_importpath

    @functools.wraps(set_attribute)
    def setattr_watched(self, target, name, *rest, **options):
        if type(target) is not str:
            patched.watch(target, name)
        return set_attribute(self, target, name, *rest, **options)

    def derive_importpath(path, raising):
        name, target = resolve(path, raising)
        patched.watch(target, name)
        return name, target

    patch.setattr, monkeypatch.derive_importpath = setattr_watched, derive_importpath
    seed = random.seed

    @functools.wraps(seed)
    def seed_watched(*args, **kwargs):
        patched.seed = [*args, *kwargs.values()]
        return seed(*args, **kwargs)

    random.seed = seed_watched


class FunctionsOfProgram(type):
    def __instancecheck__(_kind, value):
        return is_foreign(value) and not isinstance(value, type) and "binds" in about(value)


class FunctionOfProgram(metaclass=FunctionsOfProgram):
    """The class that functions of the submission have for mocks."""


def parameters_of(function):
    """What a function of the submission takes."""
    empty = inspect.Parameter.empty
    return [
        inspect.Parameter(
            each.name, inspect._ParameterKind(int(each.kind)), default=empty if each.default is each.empty else None
        )
        for each in inspect.signature(function).parameters.values()
    ]


def watch_mocks(module, patched):
    get_original = module._patch.get_original

    @functools.wraps(get_original)
    def get_original_watched(self):
        patched.watch(self.getter(), self.attribute)
        return get_original(self)

    module._patch.get_original = get_original_watched
    # A function of the submission is what `autospec` makes a function for, which is bound and checks its arguments.
    module.FunctionTypes = (*module.FunctionTypes, FunctionOfProgram)
    signature_here = module._get_signature_object

    def signature_of(spec, as_instance, eat_self):
        if not isinstance(spec, FunctionOfProgram):
            return signature_here(spec, as_instance, eat_self)
        return spec, inspect.Signature(parameters_of(spec)[bool(eat_self) :])

    module._get_signature_object = signature_of
