

# What an object of the submission is told of what the tests expect.

TOLD_DERIVED = (
    "an object of the program was told what to take out, so what is left in it proves nothing, unless the tests name its class: "
    "compare what it holds before, such as list(...)"
)

# Methods of text and sets that are given what is expected. Objects of a class that the tests do not name are asked for
# none of them: the tests take such an object for a text or a set.
OF_VALUES = set(
    "startswith endswith removeprefix removesuffix strip lstrip rstrip replace split rsplit partition rpartition "
    "issubset issuperset isdisjoint difference symmetric_difference equals".split()
)

# Methods of text, lists, sets and dicts with how many arguments of theirs say nothing of what is expected.
GIVEN = {
    **dict.fromkeys("find rfind index rindex count union intersection".split(), 0),
    **dict.fromkeys("difference_update intersection_update symmetric_difference_update".split(), 0),
    **dict.fromkeys("get pop setdefault".split(), 1),
}

# Methods of tables, decimals and paths that say how something differs from what they are given.
SAYING_WHETHER = set(
    "eq ne lt le gt ge compare isin between isclose compare_total same_quantum identical samefile is_relative_to".split()
)

# Methods of tables that are given what is expected. What an object of such a class makes of it is asked for nothing.
OF_TABLES = SAYING_WHETHER | set(
    "sub rsub subtract div rdiv divide truediv rtruediv floordiv rfloordiv combine combine_first corrwith align".split()
)

# Methods of lists, sets and counters that take out what they are given.
TAKING_OUT = {"remove", "discard", "subtract"}

# What an object may be asked for behind that: nothing of it says what is left.
OF_TOLD = {"getattr", "setattr", "delattr", "delitem", "same", "isinstance", "issubclass", "is_of"}


class ToldObjects:
    """Objects that the tests had take something out. Those of a class that the tests name are asked as ever."""

    def __init__(self, is_named):
        self.is_named, self.places = is_named, set()

    def is_left(self, name, args):
        """Whether an object is asked what is left in it."""
        if not self.places:
            return False
        method = args[0]._assize_method if name == "call" and is_foreign(args[0]) else None
        return name not in OF_TOLD and method not in TAKING_OUT and any(map(self.is_told, args))

    def is_told(self, found):
        if not is_foreign(found) or self.is_named(found):
            return False
        return place_of(found) in self.places or found._assize_owner in self.places

    def add(self, name, args):
        """Notes what is asked for."""
        if name == "delitem" and not self.is_named(args[0]):
            self.places.add(place_of(args[0]))
        elif name == "call" and is_foreign(args[0]) and args[0]._assize_method in TAKING_OUT and len(args) > 1:
            self.places.add(args[0]._assize_owner)


def is_told_by_method(method, /, *args, **kwargs):
    """Whether a method of tables is given what is expected."""
    given = [*args, *kwargs.values()]
    return is_foreign(method) and method._assize_method in OF_TABLES and not all(map(is_foreign, given))


def says_whether(method, /, *args, **_kwargs):
    return method._assize_method in SAYING_WHETHER


def place_of(found):
    return found._assize_process, found._assize_number
