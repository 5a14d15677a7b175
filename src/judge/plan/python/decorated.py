

# Tests that a decorator of the submission stands above. They stay tests, whatever it makes of them.


class Decorated:
    """Tests and classes of tests that were handed to the submission while they were defined, by their modules and names."""

    def __init__(self, wire):
        self.wire = wire
        self.tests, self.standing_in = {}, set()
        # What the submission has in the place of each, which it calls.
        self.handed = {}
        # All functions of the tests that it was given, of which it may put one in the place of another.
        self.functions = set()
        # What each was to be called with, and whether its last call was with that and came to its end, in the test that runs.
        self.given, self.ran = {}, {}

    def fresh(self):
        self.given, self.ran = {}, {}

    def noticed(self, value):
        """What the submission gets for a test, which says when it is called."""
        if not isinstance(value, type):
            self.functions.add(value)
        is_test = value.__name__.lower().startswith("test") and self.wire.is_own(file_of(value.__module__))
        if not is_test or value in self.handed.values():
            return value
        self.tests[value.__module__, value.__qualname__] = value
        if isinstance(value, type):
            return value
        if value not in self.handed:
            self.handed[value] = self.watched(value)
            self.functions.add(self.handed[value])
        return self.handed[value]

    def put_back(self, module):
        """A class is what it was, and a function calls what became of it."""
        tests = [(path, test) for (name, path), test in self.tests.items() if name == module.__name__]
        # A class comes before what it holds.
        for path, test in sorted(tests, key=lambda each: each[0].count(".")):
            *above, name = path.split(".")
            place = module
            for each in above:
                place = vars(place).get(each) if isinstance(place, (types.ModuleType, type)) else None
            if isinstance(place, (types.ModuleType, type)):
                self.put(place, name, test)

    def put(self, place, name, test):
        found = vars(place).get(name)
        if isinstance(test, type):
            if not isinstance(found, type) or is_of_program(found):
                setattr(place, name, test)
        elif type(found) is not types.FunctionType or found in self.functions and not self.is_run_here(found, test):
            stands_in = self.calling(test, found)
            self.standing_in.add(stands_in)
            setattr(place, name, stands_in)

    def calling(self, test, found):
        """A test that calls what a decorator has made of it."""

        def run(*args, **kwargs):
            self.given[test] = words_of(args, kwargs)
            return found(*args, **kwargs)

        async def run_awaiting(*args, **kwargs):
            self.given[test] = words_of(args, kwargs)
            return await found(*args, **kwargs)

        return functools.wraps(test)(run_awaiting if inspect.iscoroutinefunction(test) else run)

    def watched(self, test):
        """A test that the submission calls."""

        def run(*args, **kwargs):
            self.ran[test] = False
            is_as_given = self.is_given(test, args, kwargs)
            found = test(*args, **kwargs)
            self.ran[test] = is_as_given
            return found

        async def run_awaiting(*args, **kwargs):
            self.ran[test] = False
            is_as_given = self.is_given(test, args, kwargs)
            found = await test(*args, **kwargs)
            self.ran[test] = is_as_given
            return found

        return functools.wraps(test)(run_awaiting if inspect.iscoroutinefunction(test) else run)

    def is_given(self, test, args, kwargs):
        """Whether the submission calls the test with what pytest has called it with."""
        given = self.given.get(test)
        return given is not None and is_same_data(given, words_of(args, kwargs))

    def refuse_unrun(self, item):
        """A decorator that does not call the test, or ends what it raises, would have it pass."""
        function = getattr(item, "function", None)
        test = None if function is None else self.test_of(item)
        if test is not None and not self.is_run_here(function, test) and not self.ran.get(test):
            self.wire.refuse(
                "what the program makes of the test, as a decorator of it, has not run the test to its end with what it was given"
            )

    def test_of(self, item):
        name, kinds = getattr(item, "originalname", None) or item.name, getattr(item.cls, "__mro__", ())
        places = [(kind.__module__, f"{kind.__qualname__}.{name}") for kind in kinds] or [(item.module.__name__, name)]
        return next((self.tests[place] for place in places if place in self.tests), None)

    def is_run_here(self, function, test):
        """Whether the test is what pytest calls, perhaps behind decorators of the tests."""
        while function is not test:
            if function in self.standing_in or type(function) is not types.FunctionType:
                return False
            function = vars(function).get("__wrapped__")
        return True


def file_of(name):
    return getattr(sys.modules.get(name), "__file__", None) or ""


def words_of(args, kwargs):
    """Arguments in the words of the wire; `None` where one of them cannot be told, so that nothing can be called with it."""
    try:
        return [[encode(each) for each in args], {name: encode(each) for name, each in kwargs.items()}]
    except NoData:
        return None
