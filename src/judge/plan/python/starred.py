

# What tests take from the submission by `from solution import *`, and what they must not take by any way.

import re

# Names that steer the tools that run tests, in a module that has them.
STEERING_NAMES = set(
    "setUpModule tearDownModule setup_module teardown_module setup_function teardown_function load_tests collect_ignore "
    "collect_ignore_glob".split()
)

# What tests call to look into something, which asks the submission for nothing where it is of that. `assert` calls `locals`
# in what pytest makes of it.
LOOKING_AT = set(
    "callable isinstance issubclass hasattr getattr type print vars dir id super object locals globals".split()
)


def steers_pytest(name):
    """Whether a name means something to who runs tests, so that the submission gives none."""
    is_special = name.startswith("__") and name.endswith("__") and name not in ASKED_OF_NAMES
    return is_special or name.startswith(("pytest", "_pytest")) or name in STEERING_NAMES


def is_at_star(frame):
    return operation(frame.f_code, frame.f_lasti) == "CALL_INTRINSIC_1"


def given_by_star(code, name):
    """A module of Python that the tests have by a star alone, as in `math.pi`. What is used in another way is the
    submission's, such as a function `bisect`."""
    module = module_of_library(name)
    return module if module is not None and name in read_as_holders(code) else None


def refuse_hooks():
    """Nothing of the submission is a hook of pytest, under whatever name tests import it."""
    manager = pytest.PytestPluginManager
    parse = manager.parse_hookimpl_opts

    @functools.wraps(parse)
    def parse_hookimpl_opts(self, plugin, name):
        is_hook = name.startswith("pytest_") and not is_of_program(getattr(plugin, name, None))
        return parse(self, plugin, name) if is_hook else None

    manager.parse_hookimpl_opts = parse_hookimpl_opts


def is_of_program(value):
    return isinstance(value, (ErrorClass, ProgramModule)) or is_shown_by_asking(value)


def names_of_python_called(wire, item):
    """Names that a test which asked for nothing calls, where they may be thought to be the submission's: its module has
    them by a star, which leaves names of Python alone. Empty where the test uses anything of the submission."""
    function = getattr(item, "function", None)
    known = getattr(function, "__globals__", {})
    if not any(known is each for each in wire.stars):
        return []
    codes = set()
    for each in [function, *functions_of(item)]:
        add_codes(each, known, codes)
    used = set().union(*map(names_in, codes))
    params = getattr(getattr(item, "callspec", None), "params", {})
    if used & wire.names_read or any(map(is_of_program, [*map(known.get, used), *params.values()])):
        return []
    called = set().union(*map(names_called, codes)) - known.keys() - LOOKING_AT
    return sorted(name for name in called if may_be_meant(vars(builtins).get(name)))


def may_be_meant(value):
    """Whether what Python calls so may be what a task asks for. `assert` calls an exception, which is not."""
    return type(value) is type(len) or type(value) is type and not issubclass(value, BaseException)


def functions_of(item):
    """What prepares a test: its fixtures, and the methods of its class."""
    fixtures = [each[-1].func for each in item._fixtureinfo.name2fixturedefs.values()]
    return fixtures + [each for kind in getattr(item.cls, "__mro__", ()) for each in vars(kind).values()]


def add_codes(function, known, codes):
    """The code of a function of the tests, and of those of their module that it uses."""
    if type(function) is not types.FunctionType or function.__globals__ is not known or function.__code__ in codes:
        return
    codes.add(function.__code__)
    for name in names_in(function.__code__):
        add_codes(known.get(name), known, codes)


def modules_with_tests():
    """Files whose text defines tests under names that pytest looks for."""
    for directory, _, names in os.walk("."):
        for name in names:
            if name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py")):
                path = os.path.relpath(os.path.join(directory, name))
                with open(path, errors="replace") as file:
                    if re.search(r"^\s*(async\s+)?def test", file.read(), re.MULTILINE):
                        yield path
