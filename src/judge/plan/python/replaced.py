

# What the tests patch of Python, in the process of the submission.

# Functions and streams as they were, by their places.
originals = {}


def replace(module, name, *value):
    """Puts something of the tests into the place of a function of Python's, or that function back."""
    target = __import__(module, fromlist=[""])
    original = originals.setdefault((module, name), getattr(target, name))
    setattr(target, name, *value or (original,))


def replace_stream(name, *value):
    import io

    original = originals.setdefault(("sys", name), getattr(sys, name))
    if value and name == "stdin":
        is_text = type(value[0]) is str
        value = [io.StringIO(value[0]) if is_text else io.TextIOWrapper(io.BytesIO(value[0]), encoding="utf-8")]
    setattr(sys, name, *value or (original,))


def set_environment(changed):
    """A variable has a value, has none, or what it had before."""
    for name, value in changed.items():
        original = originals.setdefault(("environ", name), os.environ.get(name))
        value = original if value is False else value
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def seed(*value):
    import random

    random.seed(*value)


OPERATIONS.update({each.__name__: each for each in (replace, replace_stream, set_environment, seed)})
