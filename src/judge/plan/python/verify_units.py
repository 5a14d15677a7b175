

# Runs pytest over the tests, where the submission cannot reach, and tells the judge what becomes of each test.

import ast
import gc
import inspect
import resource
import signal
import textwrap
import unittest

# What is imported stays, so looking for garbage meanwhile would find none.
gc.disable()

# Where pytest is, which is on no path.
sys.path.insert(0, "/usr/lib/assize/pytest")

import pytest

# Of a message, and of what a test printed or consists of, in characters.
MESSAGE, SHOWN = 2000, 1 << 16


# What a test may take longer where Python cannot be interrupted, in seconds of CPU time: then its process is ended.
GRACE = 3


class TooLong(BaseException):
    """The test itself takes too long, by what it was answered."""


class Reporting:
    """A plugin of pytest."""

    def __init__(self, wire, asked):
        self.wire, self.asked, self.broken = wire, asked, False
        # Whether there is nothing more to run.
        self.is_over = False
        # What pytest has said of the test that runs. One of which it says nothing has not run.
        self.looked, self.failure, self.outcome, self.printed, self.seconds = 0, None, None, "", 0.0
        # Modules of which there is a test, or of which it was said why there is none.
        self.modules = set()
        # What the tests wrote to standard error and logged, and the exception of the program for which one was skipped.
        self.told, self.cause = "", None
        # Whether what the program answered may be why it was, and whether it may be why there is the test.
        self.is_answered = self.is_collected_by_answers = False

    def break_off(self, message):
        """The tests themselves are wrong: nothing that they say is a mark."""
        if not self.broken:
            self.broken = True
            self.wire.tell(broken=message[-MESSAGE:])

    # Collecting.

    def pytest_collectreport(self, report):
        if not report.passed:
            self.modules.add(os.path.abspath(report.nodeid.partition("::")[0]))
        if report.skipped:
            self.skip_collection(report)
        if not report.failed:
            return
        if self.wire.looked_at_collection() or vars(report).get("is_of_program"):
            self.wire.sees_value()
            self.fail_collection(report.nodeid, shown_of(report.longrepr))
        else:
            self.break_off(shown_of(report.longrepr))

    def skip_collection(self, report):
        """A module that skips itself is one test, which is skipped."""
        cause = vars(report).get("cause_of_skip")
        outcome, message = self.said_of_skip(reason_of(report), cause)
        cause = cause or self.wire.looked_at_collection()
        self.wire.tell(collected=[{"name": report.nodeid, "source": ""}])
        self.wire.tell(begin=report.nodeid)
        self.wire.tell(tested=report.nodeid, outcome=outcome, message=message[:MESSAGE], caused=bool(cause))

    def said_of_skip(self, reason, cause):
        told = f"skipped, since the program raised {cause}"
        return ("raised" if self.wire.strict else "skipped", told) if cause else ("skipped", reason)

    def fail_collection(self, name, message):
        """It is the program that made it fail: there is one test, which failed."""
        self.wire.tell(collected=[{"name": name, "source": ""}])
        self.wire.tell(begin=name)
        self.wire.tell(tested=name, outcome="raised", message=message[-MESSAGE:], stdout="")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        try:
            report = yield
            call = vars(report).get("call")
            error = call and call.excinfo and call.excinfo.value
            report.cause_of_skip, report.is_of_program = self.cause_of_skip(error), self.is_of_program(error)
            return report
        except Exception as error:
            # It holds what cannot be shown.
            told = f"{type(error).__name__} while pytest reported why it failed"
            return pytest.CollectReport(collector.nodeid, "failed", told, [])

    def is_of_program(self, error):
        """Whether collecting failed on something of the program, though that was asked for nothing but its name."""
        error = getattr(error, "cause", None) or error
        return error is not None and (isinstance(error, Unproven) or is_given_foreign(self.wire, error))

    def pytest_pycollect_makeitem(self, obj):
        # What the program calls test_... is none of the tests.
        return [] if is_of_program(obj) else None

    def pytest_make_parametrize_id(self, val):
        """Members of enumerations, by the names that the tests have for them."""
        path = val._assize_path if is_foreign(val) and not isinstance(val, ForeignClass) else None
        enumeration = getattr(sys.modules.get("enum"), "Enum", None)
        return ".".join(map(str, path)) if path and enumeration in type(val).__mro__ else None

    def pytest_itemcollected(self, item):
        self.modules.add(str(item.path))

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid not in self.asked["skip"]]
        for item in items:
            if why := why_never_run(item):
                self.break_off(f"{item.nodeid} {why}")

    def pytest_collection_finish(self, session):
        if self.broken:
            raise pytest.exit.Exception("the tests are broken")
        functions = [(item.nodeid, getattr(item, "function", None)) for item in session.items]
        self.wire.tell(collected=[{"name": name, "source": source_of(function)} for name, function in functions])
        self.is_collected_by_answers = self.wire.looked_at_collection()
        for name in modules_with_tests() if self.is_collected_by_answers else ():
            if os.path.abspath(name) not in self.modules and name not in self.asked["skip"]:
                self.fail_collection(name, "none of its tests could be collected")
        # What was made while collecting is used by tests, which all need the same process then.
        self.wire.holder = None

    # Running.

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        before = self.wire.holder
        if fixturedef.scope != "function":
            self.wire.holder = fixturedef
        try:
            return (yield)
        finally:
            self.wire.holder = before

    def pytest_fixture_post_finalizer(self, fixturedef):
        self.wire.holders.discard(fixturedef)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.wire.fresh()
        self.wire.tell(begin=item.nodeid)
        self.looked, self.outcome, self.failure, self.cause = self.wire.looked, None, None, None
        self.is_answered = False
        self.printed, self.told, self.seconds = "", "", 0.0
        bound_time(self.asked["seconds"])
        try:
            return (yield)
        finally:
            bound_time(0)
            if self.outcome is not None:
                self.tell_outcome(item)

    def tell_outcome(self, item):
        if self.outcome == "passed" and self.wire.over is not None:
            self.outcome, self.failure = "failed", str(self.wire.over)
        self.break_off_unasked(item)
        self.wire.tell_later(
            tested=item.nodeid,
            outcome=self.outcome,
            message=(self.failure or "")[:MESSAGE],
            stdout=self.printed[:SHOWN],
            stderr=self.told[:SHOWN],
            us=int(self.seconds * 1e6),
            caused=bool(self.cause or self.is_answered),
        )

    def break_off_unasked(self, item):
        """A test that takes a function of Python's for that of the submission is passed by every program."""
        if self.outcome != "passed" or self.wire.looked > self.looked or self.wire.asked_at_collection:
            return
        names = [] if self.shares_answers(item) else names_of_python_called(self.wire, item)
        if names:
            self.break_off(
                f"{item.nodeid} has passed and asked the program for nothing, so that every program would pass: a star import "
                f"leaves names of Python alone, so import by name what is meant (from {self.asked['module']} import {names[0]})"
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        EXITS[0] = True
        try:
            found = yield
            self.wire.decorated.refuse_unrun(item)
            return found
        finally:
            EXITS[0] = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item):
        if self.wire.over is not None and not isinstance(self.wire.over, Unproven):
            # What fixtures of more than this test hold of the program is gone: the next test makes it anew.
            item.session._setupstate.teardown_exact(None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        raised = call.excinfo and call.excinfo.value
        try:
            report = yield
        except BaseException as error:
            # What the program raised cannot be shown, or showing it takes too long.
            raised, told = error, f"{type(error).__name__} while pytest reported why the test failed"
            report = pytest.TestReport(item.nodeid, item.location, {}, "failed", told, call.when)
        self.seconds += call.duration
        self.printed += section(report, "stdout", call.when)
        self.told += section(report, "stderr", call.when) + section(report, "log", call.when)
        self.take(item, report, call, raised)
        return report

    def take(self, item, report, call, raised):
        """What pytest says of a part of the test. It has passed when pytest says so, and says nothing else later."""
        if report.failed and self.outcome in (None, "passed", "skipped"):
            self.outcome, self.failure = self.why(call), message_of(report, call.excinfo)
            if self.outcome == "broken":
                self.break_off(self.failure)
        elif report.skipped and self.outcome in (None, "passed"):
            self.cause = self.cause_of_skip(raised) or self.cause_of_skip(call.excinfo and call.excinfo.value)
            self.outcome, self.failure = self.said_of_skip(reason_of(report), self.cause)
            self.is_answered = not is_expected(report, call) and self.has_seen_answers(item)
        elif report.passed and call.when == "call" and self.outcome is None:
            self.outcome = "passed"

    def has_seen_answers(self, item):
        """Whether the test, a fixture that it shares with others, or collecting it asked the program for something."""
        if is_skipped_in_its_source(item):
            return False
        return self.wire.looked > self.looked or self.is_collected_by_answers or self.shares_answers(item)

    def shares_answers(self, item):
        shared = vars(item).get("_request")
        fixtures = shared._fixture_defs.values() if shared else ()
        return any(each in self.wire.holders for each in fixtures)

    def cause_of_skip(self, error):
        """The exception of the program that was handled when the test decided to be skipped."""
        is_skip = isinstance(error, (pytest.skip.Exception, pytest.xfail.Exception, unittest.SkipTest))
        cause = due_to_program(error) if is_skip else None
        return cause and type(cause).__name__

    def why(self, call):
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, Unproven):
            return "failed"
        if isinstance(error, Ended):
            return "ended"
        if isinstance(error, TooLong):
            return "too_long"
        if error is not None and vars(error).get("_is_claimed"):
            return "raised"
        if error is None or call.when == "call" and isinstance(error, (AssertionError, pytest.fail.Exception)):
            return "failed"
        was_asked = self.wire.looked > self.looked or self.wire.looked_at_collection()
        if was_asked or vars(error).get("_is_of_program") or is_given_foreign(self.wire, error):
            # A fixture that failed fails for other tests too, which ask nothing themselves.
            vars(error)["_is_of_program"] = True
            return "failed"
        return "broken"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self):
        # What comes behind this, such as hooks of the tests, may end the process.
        self.wire.words.flush()

    def pytest_internalerror(self, excrepr, excinfo):
        if self.wire.holder == "collection" and (self.wire.looked_at_collection() or self.is_of_program(excinfo.value)):
            self.fail_collection("collection", shown_of(excrepr))
            self.is_over = True
        elif self.wire.looked == self.looked:
            self.break_off(shown_of(excrepr))
        # Else the judge sees that the program of the tests ended in a test which asked the submission.


def why_never_run(item):
    """Why calling a test would run nothing of it, so that it would pass, or be skipped, whatever the program is."""
    function = getattr(item, "obj", None)
    if item.get_closest_marker("skip"):
        return None
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return "is a generator, which nothing iterates over: take the yield out of it"
    if inspect.iscoroutinefunction(function) and not is_awaited(item.cls):
        return (
            "is a coroutine function, which nothing awaits: call asyncio.run in a plain function, or make it a method of a "
            "unittest.IsolatedAsyncioTestCase"
        )
    return None


def is_awaited(kind):
    # Who has not imported that class, which brings asyncio with it, has none below it.
    known = sys.modules.get("unittest.async_case")
    return known is not None and issubclass(kind or object, known.IsolatedAsyncioTestCase)


def is_skipped_in_its_source(item):
    """Whether a mark without a condition stands above the test, or its class: no answer is why."""
    texts = [source_of(each) for each in (getattr(item, "function", None), item.cls) if each is not None]
    return item.get_closest_marker("skip") is not None and any(map(has_mark, texts))


def has_mark(source):
    try:
        made = ast.parse(textwrap.dedent(source)).body[0]
    except (IndexError, SyntaxError):
        return False
    marks = [getattr(each, "func", each) for each in getattr(made, "decorator_list", ())]
    return any(ast.unparse(each).endswith("mark.skip") for each in marks)


def bound_time(seconds):
    """The time of a test, or none. Behind the timer, which waits for Python, there is a bound that does not."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    used, most = resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_CPU)[1]
    last = int(used.ru_utime + used.ru_stime + seconds + GRACE) if seconds else most
    resource.setrlimit(resource.RLIMIT_CPU, (last if most == resource.RLIM_INFINITY else min(last, most), most))


def source_of(function):
    try:
        return inspect.getsource(function)[:SHOWN]
    except (OSError, TypeError):
        return ""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    os.chdir(asked["directory"])
    wire = Units(asked["strict"])
    look_into_there()
    give_judges(wire)
    refuse_hooks()
    watch_patching(wire.patched)
    wire.passing, wire.failures = (TooLong,), (pytest.fail.Exception,)
    gc.freeze()
    gc.enable()
    wire.holder = "collection"
    sys.meta_path.insert(0, ProgramFinder(wire, asked["module"]))
    # The submission names its file, so what Python and the tests have under that name comes before it.
    sys.meta_path.append(ProgramFinder(wire, asked["alias"]))
    signal.signal(signal.SIGPROF, too_long)
    reporting = Reporting(wire, asked)
    watch_conftests(reporting)
    options = ["-q", "--color=no", "--tb=short", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    code = pytest.main([*options, *(["-x"] if asked["stop"] else [])], plugins=[reporting])
    is_over = reporting.is_over or code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
    if not (is_over or reporting.broken):
        # What it says on standard error is why, such as a conftest.py that cannot be imported.
        sys.stderr.flush()
        os._exit(int(code))
    wire.tell(finished=True)
    os._exit(0)


def too_long(_signal, _frame):
    raise TooLong("the test took too long on what the program answered")


main()
