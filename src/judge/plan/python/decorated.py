

# Tests that a decorator of the submission stands above. They stay tests, whatever it makes of them.


class Decorated:
    """Tests and classes of tests that were handed to the submission while they were defined, by their modules and names."""

    def __init__(self, wire):
        self.wire = wire
        self.tests, self.standing_in = {}, set()
        # What of these the submission has called in the test that runs, and whether its last call came to its end.
        self.ran, self.called = {}, None

    def noticed(self, value):
        if value.__name__.lower().startswith("test") and self.wire.is_own(file_of(value.__module__)):
            self.tests[value.__module__, value.__qualname__] = value

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
        elif type(found) is not types.FunctionType:
            stands_in = calling(test, found)
            self.standing_in.add(stands_in)
            setattr(place, name, stands_in)

    def is_called(self, target):
        if any(target is each for each in self.tests.values()):
            self.called = target

    def reply(self, request, answer):
        before, self.called = self.called, None
        reply = answer(request)
        if self.called is not None:
            self.ran[self.called] = "raised" not in reply
        self.called = before
        return reply

    def refuse_unrun(self, item):
        """A decorator that does not call the test, or ends what it raises, would have it pass."""
        test = self.test_of(item)
        if test is not None and not self.is_run_here(item.function, test) and not self.ran.get(test):
            self.wire.refuse("what the program makes of the test, as a decorator of it, has not run the test to its end")

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


def calling(test, found):
    """A test that calls what a decorator has made of it."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        found(*args, **kwargs)

    @functools.wraps(test)
    async def run_awaiting(*args, **kwargs):
        await found(*args, **kwargs)

    return run_awaiting if inspect.iscoroutinefunction(test) else run
