

# Runs pytest over the tests, where the submission cannot reach, and tells the judge what becomes of each test.

import inspect
import signal
import unittest

# Where pytest is, which is on no path.
sys.path.insert(0, "/usr/lib/assize/pytest")

import pytest

# Of a message, and of what a test printed or consists of, in characters.
MESSAGE, SHOWN = 2000, 1 << 16


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

    def break_off(self, message):
        """The tests themselves are wrong: nothing that they say is a mark."""
        if not self.broken:
            self.broken = True
            self.wire.tell(broken=message[-MESSAGE:])

    # Collecting.

    def pytest_collectreport(self, report):
        if not report.failed:
            return
        if self.wire.looked_at_collection():
            self.fail_collection(report.nodeid, shown_of(report.longrepr))
        else:
            self.break_off(shown_of(report.longrepr))

    def fail_collection(self, name, message):
        """It is the program that made it fail: there is one test, which failed."""
        self.wire.tell(collected=[{"name": name, "source": ""}])
        self.wire.tell(begin=name)
        self.wire.tell(tested=name, outcome="raised", message=message[-MESSAGE:], stdout="")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        try:
            return (yield)
        except Exception as error:
            # It holds what cannot be shown.
            told = f"{type(error).__name__} while pytest reported why it failed"
            return pytest.CollectReport(collector.nodeid, "failed", told, [])

    def pytest_pycollect_makeitem(self, obj):
        # What the program calls test_... is none of the tests.
        return [] if isinstance(obj, Foreign) else None

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid not in self.asked["skip"]]

    def pytest_collection_finish(self, session):
        if self.broken:
            raise pytest.exit.Exception("the tests are broken")
        self.wire.tell(collected=[{"name": item.nodeid, "source": source_of(item)} for item in session.items])
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
        self.looked, self.outcome, self.failure = self.wire.looked, None, None
        self.printed, self.seconds, process = "", 0.0, self.wire.process
        signal.setitimer(signal.ITIMER_PROF, self.asked["seconds"])
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            if self.outcome is not None:
                self.tell_outcome(item)

    def tell_outcome(self, item):
        if self.outcome == "passed" and self.wire.over is not None:
            self.outcome, self.failure = "failed", str(self.wire.over)
        self.wire.tell(
            tested=item.nodeid,
            outcome=self.outcome,
            message=(self.failure or "")[:MESSAGE],
            stdout=self.printed[:SHOWN],
            us=int(self.seconds * 1e6),
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self):
        EXITS[0] = True
        try:
            return (yield)
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
        self.printed += "".join(text for title, text in report.sections if title == f"Captured stdout {call.when}")
        self.take(report, call, raised)
        return report

    def take(self, report, call, raised):
        """What pytest says of a part of the test. It has passed when pytest says so, and says nothing else later."""
        if report.failed and self.outcome in (None, "passed", "skipped"):
            self.outcome, self.failure = self.why(call), message_of(report, call.excinfo)
            if self.outcome == "broken":
                self.break_off(self.failure)
        elif report.skipped and self.outcome in (None, "passed"):
            self.outcome, self.failure = "skipped", reason_of(report)
            cause = self.cause_of_skip(raised) or self.cause_of_skip(call.excinfo and call.excinfo.value)
            if cause:
                self.outcome, self.failure = "raised", f"skipped, since the program raised {cause}"
        elif report.passed and call.when == "call" and self.outcome is None:
            self.outcome = "passed"

    def cause_of_skip(self, error):
        """The exception of the program that was handled when the test decided to be skipped."""
        is_skip = isinstance(error, (pytest.skip.Exception, pytest.xfail.Exception, unittest.SkipTest))
        cause = due_to_program(error) if is_skip and self.wire.strict else None
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
        if self.wire.looked > self.looked or self.wire.looked_at_collection() or vars(error).get("_is_of_program"):
            # A fixture that failed fails for other tests too, which ask nothing themselves.
            vars(error)["_is_of_program"] = True
            return "failed"
        return "broken"

    def pytest_internalerror(self, excrepr):
        if self.wire.holder == "collection" and self.wire.looked_at_collection():
            self.fail_collection("collection", shown_of(excrepr))
            self.is_over = True
        elif self.wire.looked == self.looked:
            self.break_off(shown_of(excrepr))
        # Else the judge sees that the program of the tests ended in a test which asked the submission.


def source_of(item):
    function = getattr(item, "function", None)
    try:
        return inspect.getsource(function)[:SHOWN]
    except (OSError, TypeError):
        return ""


def shown_of(representation):
    try:
        return str(representation)
    except Exception as error:
        return f"{type(error).__name__} while pytest reported what happened"


def reason_of(report):
    return getattr(report, "wasxfail", "") or (report.longrepr[2] if type(report.longrepr) is tuple else "")


def message_of(report, excinfo):
    """Where a test failed, and with what."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None or excinfo is None:
        return str(report.longrepr or f"{report.nodeid} failed")
    own = [entry for entry in excinfo.traceback if str(entry.path).startswith(os.getcwd() + os.sep)]
    path, line = (own[-1].path, own[-1].lineno + 1) if own else (crash.path, crash.lineno)
    return f"{os.path.relpath(path, os.getcwd())}:{line}: {crash.message}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    os.chdir(asked["directory"])
    wire = Units(asked["strict"])
    wire.passing, wire.failures = (TooLong,), (pytest.fail.Exception,)
    wire.holder = "collection"
    sys.meta_path.insert(0, ProgramFinder(wire, asked["module"]))
    # The submission names its file, so what Python and the tests have under that name comes before it.
    sys.meta_path.append(ProgramFinder(wire, asked["alias"]))
    signal.signal(signal.SIGPROF, too_long)
    reporting = Reporting(wire, asked)
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
