

# What pytest says in its reports, and where it says nothing.


def is_expected(report, call):
    """Whether a mark of the test says that it fails, which it does."""
    error = call.excinfo and call.excinfo.value
    return hasattr(report, "wasxfail") and not isinstance(error, pytest.xfail.Exception)


def section(report, name, when):
    """What pytest has captured meanwhile."""
    text = "".join(text for title, text in report.sections if title == f"Captured {name} {when}")
    return text if text.endswith("\n") or not text or name == "stdout" else f"{text}\n"


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


def watch_conftests(reporting):
    """A conftest.py that fails ends pytest, which says no more of why."""
    manager = pytest.PytestPluginManager
    load = manager._importconftest

    @functools.wraps(load)
    def load_watched(*args, **kwargs):
        try:
            return load(*args, **kwargs)
        except Exception as error:
            if reporting.is_of_program(error):
                reporting.wire.sees_value()
            raise

    manager._importconftest = load_watched
