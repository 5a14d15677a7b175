"""The Python half of a zygote: an interpreter that has started, compiled the submission and
imported its libraries, and that is forked for every test instead of being started again.

The runner lays this file where the submission will be and starts it like one; so what Python
makes of its command is right already. Then the native half calls `prepare` once per submission
and `start` in every fork. A fork must not be told from `python3 main.py`: nothing stays that this
file has made, no class and no module, and where that cannot be had, `prepare` returns False and the
runner starts an interpreter for every test.
"""

# Before anything else: what is in the namespace of a program that has not begun.
pristine = dict(globals())

import gc
import os
import sys

# Nothing of a submission can be imported before a fork: the directory of its program is put there in
# the fork, and the native half leaves it.
has_script_path = not sys.flags.safe_path
if has_script_path:
    sys.path.pop(0)

NATIVE = "/usr/lib/assize/_assize_zygote.so"
WORK = os.getcwd()

# Programs of the judge that were compiled with this environment (`compile_programs.py`).
PROGRAMS = "/usr/lib/assize/programs"

# Options of the interpreter come before the program, in the zygote's command as in every test's.
OPTIONS = len(sys.orig_argv) - len(sys.argv)

# `ast.PyCF_ONLY_AST`, without importing what a submission may not have imported.
ONLY_AST = 0x400

# From 3.12 on, and where there is a global lock, objects can be immortal.
HAS_IMMORTALS = sys.hexversion >= 0x030C0000 and "t" not in sys.abiflags

# Who uses these names could see that objects are immortal and frozen, and that there are types
# which only compiling makes.
OF_MEMORY = {"gc", "getrefcount", "__subclasses__"}

# Who uses these could see that a library is there before it is imported, or could change what an
# import finds; and so could who writes source files.
OF_IMPORTS = {
    "modules", "meta_path", "path_hooks", "path_importer_cache",
    "addaudithook", "setprofile", "settrace",
}  # fmt: skip
SOURCE_FILE = ".py"

# Behind two of them, code is as it stays.
REHEARSALS = 2

program = {}

# What is in `sys.modules` before any submission, and how much is in each.
known = {}

# Libraries that were imported before any submission came.
warm = []

# Top packages of everything that has been imported since the start.
imported = set()

# Encodings that Python decodes without looking for a codec by name.
UTF_8 = {b"utf8", b"utf-8", b"utf-8-sig"}

# What a name of an encoding consists of (PEP 263), in lower case and beside letters.
OF_NAMES = b"0123456789-."


def load_native():
    """As an import would, but without a trace in `sys.modules`."""
    bootstrap = sys.modules["_frozen_importlib"]
    loader = sys.modules["_frozen_importlib_external"].ExtensionFileLoader("_assize_zygote", NATIVE)
    module = loader.create_module(bootstrap.ModuleSpec("_assize_zygote", loader, origin=NATIVE))
    loader.exec_module(module)
    sys.modules.pop("_assize_zygote", None)
    return module


def warm_up(names):
    """Imports libraries before it is known who will run, who has to import them too."""
    leave_no_trace()
    quiet = import_all(names)
    warm.extend(names)
    return quiet


def prepare(words):
    """Makes ready to fork into the first file of `words`. The other files, up to an empty word,
    are modules; behind it come the names of the libraries that may be imported ahead."""
    end = words.index("")
    entry, modules, libraries = words[0], words[1:end], set(words[end + 1 :])
    leave_no_trace()
    before = set(sys.modules)
    path = os.path.join(WORK, entry)
    source = read(path)
    parts, known_imports = known_program(path, source)
    code, warned = (parts[-1], False) if parts else listening(lambda: compile_source(source, path))
    others = [compiled_module(os.path.join(WORK, name)) for name in modules]
    globals().pop("__warningregistry__", None)
    names, strings = set(), set()
    for each in [*(parts or [code]), *(other for _, _, other, _ in others)]:
        look_into(each, names, strings)
    if names & OF_MEMORY:
        return False
    # Where Python says something while it compiles, it says so in every test.
    program.update(path=path, source=source, code=None if warned else code)
    # A program of the judge imports its own libraries before anything of the submission can look.
    wanted = only(known_imports, libraries)
    if not names & OF_IMPORTS and not any(text.endswith(SOURCE_FILE) for text in strings):
        if not parts:
            wanted = libraries_of(source, path, code, libraries)
        elif len(others) == 1:
            # Then it imports the submission, which is this file.
            wanted += libraries_of(*others[0][:3], libraries)
    note_imports(before)
    if not import_ahead(wanted, libraries):
        return False
    take_place(path)
    return not parts or define(parts[0], others)


def compiled_module(path):
    """A file of the submission that may be imported: its source, its path, its code, and whether Python said something."""
    source = read(path)
    return source, path, *listening(lambda: compile_source(source, path))


def define(definitions, modules):
    """Runs what a program of the judge defines, and gives it the code of the submission. Whether it can be forked then."""
    before = set(sys.modules)
    exec(definitions, program["names"])
    rehearse(program["names"].get("rehearse"))
    known = {path: (source, code) for source, path, code, warned in modules if not warned}
    program["names"]["compiled"].update(known)
    note_imports(before)
    keep_still()
    return not own_names() & imported


def rehearse(function):
    """Lets what every fork does be done here first, by a program of the judge that has such a function. The interpreter
    writes to code that is new to it, and remembers what it has looked up: each fork would do so on a copy of its own."""
    for _ in range(REHEARSALS if function else 0):
        function()


def rehearse_start():
    path, names = sys.path[:], vars(type(sys)("rehearsal"))
    program.update(path=__file__, source=b"", code=rehearse.__code__, names=names)
    start(sys.orig_argv)
    sys.path[:] = path
    sys.modules["_thread"].get_native_id()


def leave_no_trace():
    """What the exception has left behind that called the native half."""
    sys.excepthook = sys.__excepthook__
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


def listening(function):
    """The result of a function, and whether it has written to standard error."""
    heard = []
    ear = type(sys)("ear")
    ear.write = heard.append
    ear.flush = lambda: None
    sys.stderr = ear
    try:
        return function(), bool(heard)
    finally:
        sys.stderr = sys.__stderr__


def read(path):
    with open(path, "rb") as file:
        source = file.read()
    # Python looks for a codec by name, and imports it. That is left to the program's own process.
    if declares_other_encoding(source):
        raise ValueError("the source code declares an encoding")
    # Python reads a program from a file by other rules where it is no UTF-8 or holds NUL.
    source.decode()
    if b"\0" in source:
        raise ValueError("source code cannot contain null bytes")
    return source


def declares_other_encoding(source):
    """Whether the first two lines may declare another encoding than UTF-8. What is no declaration by
    PEP 263, such as one behind code, may be taken for one."""
    head = b"\n".join(source.split(b"\n", 2)[:2])
    for text in head.split(b"coding")[1:]:
        if text[:1] in (b":", b"="):
            name = bytearray()
            for byte in text[1:].lstrip(b" \t").lower().replace(b"_", b"-"):
                if byte not in OF_NAMES and not 97 <= byte <= 122:
                    break
                name.append(byte)
            if bytes(name) not in UTF_8:
                return True
    return False


def known_program(path, source):
    """The parts of a program of the judge that imports the submission, and what it imports, if it is one that was
    compiled already. One that lies beside the submission was compiled as a whole: as a submission it is like any other."""
    try:
        with open(f"{PROGRAMS}/{os.path.basename(path)}.{len(source)}", "rb") as file:
            known, parts, imports = sys.modules["marshal"].loads(file.read())
    except OSError:
        return None, []
    is_known = known == source and isinstance(parts, list) and parts[0].co_filename == path
    return (parts, imports) if is_known else (None, [])


def compile_source(source, path, flags=0):
    return compile(source, path, "exec", flags, dont_inherit=True)


def look_into(code, names, strings):
    names.update(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            look_into(constant, names, strings)
        elif isinstance(constant, str):
            strings.add(constant)


def libraries_of(source, path, code, libraries):
    """What the submission imports in any case, of what may be imported ahead."""
    if not any(name.partition(".")[0] in libraries for name in code.co_names):
        return []
    names = []
    for statement in statements(compile_source(source, path, ONLY_AST).body):
        kind = type(statement).__name__
        if kind == "Import":
            names += [alias.name for alias in statement.names]
        elif kind == "ImportFrom" and statement.level == 0:
            names.append(statement.module)
    return only(names, libraries)


def only(names, libraries):
    """Names of modules that are in these libraries."""
    return [name for name in names if name.partition(".")[0] in libraries]


def statements(body):
    for statement in body:
        yield statement
        if type(statement).__name__ == "Try":
            yield from statements(statement.body)


def import_ahead(names, libraries):
    """Whether the submission can be forked behind it."""
    own = own_names()
    # A file of the submission comes before a library of the same name.
    if own & (libraries | sys.stdlib_module_names):
        names = []
    if not set(warm) <= {name.partition(".")[0] for name in names}:
        return False
    return import_all(names) and not own & imported


def own_names():
    """What files of the submission are imported as, which lie beside the program."""
    return {name.partition(".")[0] for name in os.listdir(os.path.dirname(program["path"]))}


def import_all(names):
    """Whether they were imported without a word."""
    if not names:
        return True
    before = set(sys.modules)
    _, warned = listening(lambda: [__import__(name) for name in names])
    if note_imports(before):
        keep_still()
    return not warned


def note_imports(before):
    """The modules that have been imported since `before`."""
    new = set(sys.modules) - before
    imported.update(name.partition(".")[0] for name in new)
    return new


def take_place(path):
    """Lets this interpreter look like one that was started with the submission."""
    main = type(sys)("__main__")
    names = vars(main)
    names.clear()
    names.update(pristine)
    names["__doc__"] = None
    names["__file__"] = path
    names["__loader__"] = type(pristine["__loader__"])("__main__", path)
    if "__annotations__" in names:
        names["__annotations__"] = {}
    program["names"] = names
    sys.modules["__main__"] = main
    sys.path_importer_cache.pop(__file__, None)
    sys.path_importer_cache[path] = None


def start(argv):
    """In the fork: the code to run, and the namespace to run it in. Nothing here keeps them."""
    if has_script_path:
        sys.path.insert(0, os.path.dirname(program["path"]))
    sys.orig_argv = argv
    sys.argv = argv[OPTIONS:]
    open_input()
    reseed()
    code = program["code"] or compile_source(program["source"], program["path"])
    names = program["names"]
    program.clear()
    return code, names


def open_input():
    """The interpreter looked at another descriptor 0 when it started, which was no file: where
    this one can be sought, the stream has to know. As `create_stdio` in `Python/pylifecycle.c`."""
    text = sys.stdin
    buffer, encoding, errors = text.buffer, text.encoding, text.errors
    # A new one: whether it can be sought is never asked again.
    raw = type(buffer.raw)(0, "rb", closefd=False)
    raw.name = buffer.raw.name
    buffer.__init__(raw, raw._blksize)
    text.__init__(buffer, encoding, errors, "\n")


def leave():
    """Before the interpreter ends: takes from `sys.modules` what the program has found there, as the
    interpreter does first of all. It then does not clear these modules too, which nobody could
    notice: nothing of the program is in them. Threads and `atexit` come before that."""
    if "threading" not in sys.modules and "atexit" not in sys.modules:
        for name, (module, size) in known.items():
            if sys.modules.get(name) is module and len(vars(module)) == size:
                sys.modules[name] = None


def reseed():
    """`random` does this by itself after a fork."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()


def keep_still():
    """What exists now is neither counted nor collected any more. Each fork then writes to, and so
    copies, fewer pages."""
    for name, module in sys.modules.items():
        if name not in ("sys", "builtins", "__main__") and type(module) is type(sys):
            known[name] = module, len(vars(module))
    if HAS_IMMORTALS:
        # Before there are lists of what is not to be immortal: they would hold it for ever.
        objects = gc.get_objects()
        streams = [sys.stdin, sys.stdout, sys.stderr]
        streams += [stream.buffer for stream in streams] + [stream.buffer.raw for stream in streams]
        # The namespace of a program of the judge goes with it.
        place = [sys.modules["__main__"], program["names"]] if "names" in program else []
        native.immortalize(objects, [*streams, *place, program, warm, imported], type(keep_still.__code__))
    gc.freeze()


native = load_native()
native.warm_up = warm_up
native.prepare = prepare
native.start = start
native.leave = leave
sys.modules.pop("gc")
rehearse(rehearse_start)
gc.collect()
keep_still()
sys.excepthook = native.serve
raise SystemError("the native half returned")
