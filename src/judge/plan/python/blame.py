

# Who is to blame for what fails in the tests.

import dis
import functools
import itertools


def operation(code, at):
    return dis.opname[code.co_code[at]]


def names_in(code):
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= names_in(constant)
    return names


def names_called(code):
    """Names that are called, with those that are attributes."""
    here = list(dis.get_instructions(code))
    found = [each.argval for each, after in zip(here, [*here[1:], None]) if is_called(each, after)]
    # An instruction may load two.
    names = {each[-1] if type(each) is tuple and each else each for each in found}
    return names.union(*(names_called(each) for each in code.co_consts if isinstance(each, type(code))))


def is_called(each, after):
    """Whether an instruction loads what is called, by itself or with the one behind it."""
    loads = each.opname in ("LOAD_GLOBAL", "LOAD_ATTR") and each.arg & 1
    return bool(loads) or after is not None and after.opname == "PUSH_NULL"


# How tests call libraries that they do not import.
USUAL = {"np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas"}


def read_as_holders(code):
    """Names of which an attribute is read."""
    names, before = set(), None
    for each in dis.get_instructions(code):
        if each.opname in ("LOAD_ATTR", "LOAD_METHOD") and before is not None and before.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            names.add(before.argval)
        before = each
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            names |= read_as_holders(constant)
    return names


def module_of_library(name):
    """The module of Python, or of what it is used with, that a name is usual for."""
    if name not in USUAL and name not in sys.stdlib_module_names:
        return None
    try:
        return __import__(USUAL.get(name, name))
    except ImportError:
        # Python lists modules of other systems, too.
        return None


def due_to_program(error):
    """The exception of the submission that it is, or that was handled when it was raised."""
    seen = set()
    while error is not None and id(error) not in seen:
        if "_is_claimed" in vars(error):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def is_side_effect(trace):
    """Whether a mock raises what the tests told it to."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_name == "_execute_mock_call"


def is_given_foreign(wire, error):
    """Whether what failed in the tests was given something of the program, which it may have failed on.
    A function that is to be called is none of that: it was asked for nothing yet."""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if wire.is_own(frame.f_code.co_filename):
            known = [{**frame.f_globals, **frame.f_locals}, wire.named_objects]
            used, called_only = names_at(frame.f_code, trace.tb_lasti)
            given = [each.get(name) for each in known for name in used]
            given += [found for each in known for found in map(each.get, called_only) if not callable(found)]
            if any(holds_of_program(wire, each) for each in given):
                return True
        trace = trace.tb_next
    return False


# Values inside of each other that are looked into, and how many of them in all.
HELD_DEPTH, HELD_PARTS = 3, 10_000


def holds_of_program(wire, value):
    """Whether something is of the program, or holds something of it, such as a class of tests that has a class of it."""
    level, left = [value], HELD_PARTS
    for depth in range(HELD_DEPTH + 1):
        if any(isinstance(each, ErrorClass) or is_foreign(each) for each in level):
            return True
        if depth < HELD_DEPTH:
            parts = itertools.chain.from_iterable(parts_of(wire, each) for each in level if type(each) not in SIMPLE)
            level = list(itertools.islice(parts, left))
            left -= len(level)
    return False


def parts_of(wire, value):
    kind = type(value)
    if kind is dict:
        return value.values()
    if kind in (list, tuple, set, frozenset):
        return list(value)
    if kind is functools.partial:
        return [value.func, *value.args, *value.keywords.values()]
    if kind is types.SimpleNamespace:
        return vars(value).values()
    classes = value.__mro__ if isinstance(value, type) else kind.__mro__
    own = [vars(each) for each in classes if is_of_tests(wire, each)]
    attributes = [vars(value)] if own and "__dict__" in dir(value) and not isinstance(value, type) else []
    return [part for each in attributes + own for part in list(each.values())]


def names_at(code, at):
    """Names in the lines of the expression that an instruction belongs to: those that are used, and those that are only
    called."""
    first, last = list(code.co_positions())[at // 2][:2]
    here = [each for each in dis.get_instructions(code) if each.line_number and first <= each.line_number <= last]
    used, called_only = set(), set()
    for each, after in zip(here, [*here[1:], None]):
        names = each.argval if type(each.argval) is tuple else [each.argval]
        (called_only if is_called(each, after) else used).update(name for name in names if type(name) is str)
    return used, called_only - used
