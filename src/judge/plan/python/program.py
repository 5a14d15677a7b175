

# The submission.

# Files of it that were compiled before this process was forked, by their paths: the source and its code.
compiled = {}


# Of a file at once, in bytes.
PIECE = 1 << 13


def content_of(path):
    """Without the objects of a stream, whose making takes longer than the reading."""
    file, pieces = os.open(path, os.O_RDONLY), []
    try:
        while piece := os.read(file, PIECE):
            pieces.append(piece)
    finally:
        os.close(file)
    return b"".join(pieces)


def load(entry):
    """The program as a module. It is no `__main__`, so that what it does when it is started is not done."""
    path = os.path.abspath(entry)
    name = os.path.splitext(os.path.basename(entry))[0]
    module = type(sys)(name)
    module.__file__ = path
    # Data classes and annotations look for the module of a class there.
    vars(sys)["modules"].setdefault(name, module)
    source = content_of(path)
    known, code = compiled.get(path, (None, None))
    exec(code if known == source else compile(source, path, "exec", dont_inherit=True), vars(module))
    return module


def is_method_of_solution(names, name):
    """Whether the class `Solution` has it, as one of its own: what every object has is none."""
    is_special = name.startswith("__") and name.endswith("__")
    return "Solution" in names and not is_special and hasattr(names["Solution"], name)


def is_own(module, name):
    """Whether the program says what a name means. What it imports, and where from, is no function that a test asks for."""
    found = vars(module).get(name)
    return not isinstance(found, type(sys)) and getattr(found, "__module__", None) in (None, vars(module)["__name__"])


def find(module, call, method_first=False):
    """The function that is called so, or a method of the class `Solution`, if that has it: where the program defines no such
    function, or methods come first."""
    first, *rest = call.split(".")
    names = vars(module)
    is_function = first in names and is_own(module, first) and not method_first
    if not rest and not is_function and is_method_of_solution(names, first):
        first, rest = "Solution", [first]
    if first not in names:
        raise NameError(f"the program defines no {call}")
    found = names[first]
    for name in rest:
        found = getattr(found() if isinstance(found, type) and is_of_objects(found, name) else found, name)
    return found


def is_of_objects(kind, name):
    """Whether it takes an object of a class to use what the class has under a name."""
    for each in kind.__mro__:
        if name in vars(each):
            return not isinstance(vars(each)[name], (staticmethod, classmethod, type))
    return True


def names_of(kind):
    names = []
    for each in kind.__mro__:
        names += [str(each.__name__), f"{each.__module__}.{each.__qualname__}"]
    return names


def show(error):
    """As Python shows an exception, without the frames of this file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)


def end_process():
    """Ends the process as soon as all is said: to take an interpreter apart costs as much as a call. What the program has
    for the end, such as threads and `atexit`, is done."""
    modules = vars(sys)["modules"]
    if "threading" in modules or "atexit" in modules:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        # The program has put something else there: Python says so at its own end.
        return
    os._exit(0)


def failed(error):
    """As Python ends with an exception."""
    show(error)
    sys.exit(1)
