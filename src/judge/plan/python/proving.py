

# The end of the tests, and what an answer of the submission proves. A value does. What an object of the submission says
# of a value that the tests expect does not: it is told what it should be.

DERIVED = (
    "an object of the program is no value: what it makes of a value of the tests, such as a difference, proves nothing, "
    "and neither do attributes and methods of that, unless the tests name its class"
)

COMPARED = (
    "an object of the program is no value: its attributes can be compared, or the program may compare objects "
    "(strict = false)"
)

OTHER_LENGTH = "an object of the program has another length than it has items"

# What may be asked of an object that was made of a value of the tests, such as the difference to what they expect.
OF_DERIVED = {*BINARY, *IN_PLACE, *"getattr setattr delattr call str repr format isinstance issubclass is_of same".split()}

# What of that comes to a value that counts only where the tests know the class.
LOOKED_INTO = {"getattr", "call", "str", "repr", "format"}

# What more may be asked where they do: it is what methods say.
OF_NAMED = {"len", "iter", "next", "getitem", "setitem", "delitem", "contains", "reversed", "enter", "leave"}

# What checks how a mock was used. An object that the submission put into its place would check nothing.
OF_MOCKS = set(
    "assert_called assert_called_once assert_called_with assert_called_once_with assert_any_call assert_has_calls "
    "assert_not_called assert_awaited assert_awaited_once assert_awaited_with assert_awaited_once_with "
    "assert_any_await assert_has_awaits assert_not_awaited".split()
)

# What changes no object. Whatever else is asked may change any of them.
LOOKING = set("iter next len getitem contains reversed str repr format hash held isinstance issubclass is_of same".split())

# What the submission may do with no object of the tests or of the asserts.
NOT_OF_TESTS = set(
    "run_coroutine public_names dir namespace put look_into change construct is_of held aiter anext aenter aleave get set delete "
    "set_name code".split()
)


# What comes to nothing that a test could compare.
WRITING = ("leave", "aleave", "setattr", "delattr")


class Proving(Wire):
    """The end of the tests."""

    # Whether only what proves something counts.
    strict = True

    # Exceptions that say that the submission is wrong, beside those of asserts.
    failures = ()

    def __init__(self, lines, send):
        super().__init__(lines, send)
        # Answers that were values. Before the first one, nothing that the tests do depends on the submission.
        self.values = 0
        # Classes of the submission that the tests name.
        self.named = set()
        # What stands for classes of Python that the submission has as its own, by these, and what is raised then.
        self.stand_ins, self.raised_classes = {}, {}
        # How long objects say they are, or were found to be, and how much they were found to hold at least.
        self.lengths, self.least = {}, {}
        # Objects that were told what to take out.
        self.told = ToldObjects(self.is_named)
        # The object whose items are counted, which may be its own iterator.
        self.counting = None
        # Functions of Python's that were handed over, by their names: the submission calls its own ones.
        self.given = {}
        DECODERS["$builtin"] = lambda name: PLAIN.get(name) or self.given[name]
        DECODERS["$error"] = lambda told: error_of(Claimed(told), self.class_raised, is_raised=False)

    def refuse(self, reason):
        """Nothing that the test goes on to find counts, whatever it catches."""
        self.end(reason, Unproven)

    def ask(self, name, /, *args, **kwargs):
        if not self.strict:
            return super().ask(name, *args, **kwargs)
        objects = [arg for arg in (*args, *kwargs.values()) if is_foreign(arg)]
        derived = [each for each in objects if each._assize_is_derived]
        are_constructed = all(each._assize_is_constructed for each in objects)
        if derived and name not in OF_DERIVED and not (name in OF_NAMED and all(map(self.is_named, derived))):
            self.refuse(DERIVED)
        if self.told.is_left(name, args):
            self.refuse(TOLD_DERIVED)
        self.told.add(name, args)
        if name == "call":
            self.refuse_telling(*args, **kwargs)
        if name == "next":
            if place_of(args[0]) != self.counting:
                self.forget_length(args[0])
        elif name not in LOOKING:
            self.lengths.clear()
            self.least.clear()
        found = super().ask(name, *args, **kwargs)
        is_value = not is_foreign(found)
        is_looked_into = name in LOOKED_INTO and not all(map(self.is_named, derived))
        is_made = name == "call" and is_told_by_method(*args, **kwargs) and (not is_value or says_whether(*args, **kwargs))
        is_told = is_operator(name) and (derived or tells_value(name, args))
        if is_told and are_constructed and is_value and shows_difference(found):
            is_told = False
        if is_made or is_looked_into or is_told:
            if is_value:
                self.refuse(DERIVED)
            keep(found, _assize_is_derived=True)
        if not is_value and name == "call" and isinstance(args[0], ForeignClass) and self.is_named(args[0]):
            keep(found, _assize_is_constructed=True)
        if is_value and name not in WRITING and not (name == "enter" and is_dropped()):
            self.values += 1
        if name == "len":
            self.measured(args[0], found)
        return found

    def noticed(self, found):
        """An object that the tests have made is what they use it for, until it comes from anywhere else: the submission may
        have put it in the place of what they expect."""
        keep(found, _assize_is_constructed=False)

    def asks_of_class(self, name, args):
        """Whether it is asked if a value, or an object of the submission, is of a class of the tests."""
        is_asked = name in ("isinstance", "issubclass") and len(args) == 2 and id(args[0]) not in self.numbers
        return is_asked and isinstance(args[1], type) and id(args[1]) in self.numbers

    def kind_of(self, value, kind):
        is_function = issubclass(kind, (types.FunctionType, types.MethodType, types.BuiltinFunctionType))
        return {"binds": kind is types.FunctionType} if is_function else super().kind_of(value, kind)

    def encode_object(self, value, kind):
        """An exception is made anew at the other end, where it is raised and looked at. It is the same one when it comes back.
        What is of Python is there, too."""
        name = name_in_python(value)
        if name is not None:
            self.given[name] = value
            return {"$builtin": name}
        if not issubclass(kind, BaseException) or origin_of(value) is not None or not self.holds(value, kind):
            return super().encode_object(value, kind)
        return {"$error": self.exception_told(value)}

    def exception_told(self, error, depth=CHAIN):
        told, held = Wire.raised(self, error), attributes_told(error)
        try:
            told["attributes"] = encode(held)
        except NoData:
            # What they are in the program is nothing, as with a value that cannot cross.
            pass
        if depth and error.__cause__ is not None:
            told["cause"] = self.exception_told(error.__cause__, depth - 1)
        return told

    def name_class(self, name, found, code):
        """The tests use a name of the submission, which is that of a class by the custom of Python. One in capitals is that of
        a constant by the same custom, unless they call it. They know of an exception which it is, and no more."""
        is_name = name[:1].isupper() and (not name.isupper() or name in names_called(code))
        if is_name and isinstance(found, ForeignClass):
            self.named.add(name)

    def is_named(self, found):
        """Whether it is a class that the tests name, or says to be an object of one: they know what to ask of it. A name in
        capitals is that of a constant by the custom of Python: a class under it is asked like an object."""
        is_class = isinstance(found, ForeignClass)
        names = [name for name in about(found).get("classes", ()) if type(name) is str and name in self.named]
        return any(not (is_class and name.isupper()) for name in names)

    def contains(self, found, item):
        """What is in an object is found by going through it, unless its class is one that the tests name."""
        if not self.strict or self.is_named(found):
            return super().contains(found, item)
        if isinstance(item, str) and about(found).get("below") == "str":
            return item in str(found)
        return any(each is item or each == item for each in found)

    def attribute(self, found, name):
        if self.strict and (name in OF_MOCKS or name in OF_VALUES and not self.is_named(found)):
            self.refuse(f"what {name} says of an object of the program proves nothing: compare values, such as str(...)")
        attribute = super().attribute(found, name)
        if self.strict and is_foreign(attribute) and not self.is_named(found):
            keep(attribute, _assize_method=name, _assize_owner=place_of(found))
        return written(attribute, self, None if found._assize_path is None else [*found._assize_path, name])

    def refuse_telling(self, method, /, *args, **kwargs):
        """A method of a text, a set or a dict that is given what is expected."""
        name = method._assize_method
        if name in GIVEN and (kwargs or len(args) > GIVEN[name]):
            self.refuse(f"what {name} says of an object of the program is told what is expected, and proves nothing")

    def iterated(self, found):
        items = super().iterated(found)
        # An iterator is its own one, and says no length.
        is_iterator = items is found and "__len__" not in about(found).get("special", ("__len__",))
        return items if not self.strict or is_iterator or self.is_named(found) else self.counted(found, items)

    def counted(self, found, items):
        # An iterator of the submission, which must not be asked for another one of itself.
        items, count = items if is_foreign(items) else iter(items), 0
        while True:
            before, self.counting = self.counting, place_of(found)
            try:
                item = next(items)
            except StopIteration:
                break
            finally:
                self.counting = before
            count += 1
            self.holds_more(found, count)
            yield item
        self.measured(found, count)

    def measured(self, found, length):
        """An object has as many items as it says."""
        if self.is_named(found):
            return
        place = place_of(found)
        if self.lengths.setdefault(place, length) != length or self.least.get(place, 0) > length:
            self.refuse(OTHER_LENGTH)

    def holds_more(self, found, count):
        """Who finds what is wanted goes no further, so that the end of what is endless is never reached."""
        place = place_of(found)
        self.least[place] = max(count, self.least.get(place, 0))
        if count > self.lengths.get(place, count):
            self.refuse(OTHER_LENGTH)

    def forget_length(self, found):
        self.lengths.pop(place_of(found), None)
        self.least.pop(place_of(found), None)

    # Exceptions.

    def class_of_exceptions(self, number, about):
        """One that asserts are too, such as `Error = Exception`, would catch those of the tests: another one stands for it,
        which has below it only what the submission raises."""
        kind, name = error_class(about["line"]), about.get("path")
        find_there(self, about["line"], number, name if type(name) is str else None)
        if not self.strict or not issubclass(AssertionError, kind):
            return kind
        if kind not in self.stand_ins:
            self.stand_ins[kind] = type(kind.__name__, (kind,), {"__module__": kind.__module__})
            self.raised_classes.clear()
        return self.stand_ins[kind]

    def class_raised(self, line):
        kind = error_class(line)
        find_there(self, line)
        stand_ins = [each for above, each in self.stand_ins.items() if issubclass(kind, above)]
        if not stand_ins:
            return kind
        if kind not in self.raised_classes:
            # The lowest comes first, and the class itself is above what stands for it.
            stand_ins.sort(key=lambda each: -len(each.__mro__))
            bases = ([] if kind in self.stand_ins else [kind]) + stand_ins
            self.raised_classes[kind] = type(kind.__name__, tuple(bases), {"__module__": kind.__module__})
        return self.raised_classes[kind]

    def may_swallow(self, raised, trace):
        """What the tests raise by themselves. The submission has to let pass what its answers lead to."""
        if not self.strict:
            return True
        if not isinstance(raised, Exception) or isinstance(raised, (AssertionError, Ended)) or due_to_program(raised):
            return False
        return self.values == 0 or self.is_raised_by_tests(trace)

    def is_raised_by_tests(self, trace):
        while trace.tb_next is not None:
            trace = trace.tb_next
        code = trace.tb_frame.f_code
        return self.is_own(code.co_filename) and operation(code, trace.tb_lasti) == "RAISE_VARARGS"

    def says_failure(self, error):
        is_failure = isinstance(error, (AssertionError, *self.failures)) and "_is_claimed" not in vars(error)
        return is_failure and not is_side_effect(error.__traceback__)

    def told_of(self, error):
        """What an assert says would tell what is expected."""
        return ("", ()) if self.strict and self.says_failure(error) else super().told_of(error)

    def reply(self, request):
        before = self.values
        try:
            return super().reply(request)
        finally:
            failure, self.failure = self.failure, None
            is_given = len(request.get("args") or ()) > 1 or request.get("kwargs") or self.values > before
            if failure is not None and is_given and self.over is None:
                # The submission may catch it.
                self.over = Unproven(f"an assert failed in what the program called: {failure}")

    # An assert that failed in what the submission called.
    failure = None

    def raised(self, error):
        if self.strict and self.says_failure(error):
            self.failure = error
        return super().raised(error)


def attributes_told(error):
    """What an exception holds, and simple values that its class has for all of them."""
    above = [each for each in reversed(MRO_OF(type(error))) if each.__module__ != "builtins"]
    found = {name: value for each in above for name, value in vars(each).items() if type(value) in SIMPLE}
    return {name: value for name, value in {**found, **vars(error)}.items() if not name.startswith("_")}


def is_operator(name):
    return name in BINARY or name in IN_PLACE


def tells_value(name, operands):
    """Whether an operator tells an object what could be expected. Sums begin with 0."""
    values = [each for each in operands if not is_foreign(each)]
    return any(not (name == "add" and type(each) is int and each == 0) for each in values)


# How near to 0 or 1 a number is that says that two differ in nothing.
NEAR = 1e-3


def shows_difference(value):
    """Whether what an operator makes of a value is more than that it differs in nothing from an object, as 0, 1 and what is
    empty say. Only of that the object would know that it is expected."""
    if type(value) in (int, float):
        return min(abs(value), abs(value - 1)) >= NEAR
    if type(value) in (list, tuple):
        return any(map(shows_difference, value))
    return type(value) in (str, bytes) and bool(value)


def is_dropped():
    """Whether what a `with` enters is given no name, so that nobody sees it."""
    frame = sys._getframe()
    while frame.f_globals is globals():
        frame = frame.f_back
    code, at = frame.f_code, frame.f_lasti
    return operation(code, at) == "BEFORE_WITH" and operation(code, at + 2) == "POP_TOP"
