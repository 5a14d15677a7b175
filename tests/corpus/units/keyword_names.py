class User:
    def __init__(self, name, target=None, **rest):
        self.name, self.target, self.rest = name, target, rest
    def rename(this, self, name):
        this.name = f"{self} {name}"
        return this
def options(**given):
    return given
def apply(function, **given):
    return function(**given)
# tests
from solution import User, apply, options


def test_name():
    assert User(name="Bob", target=1).name == "Bob"
    assert User("Bob", wire=2).rest == {"wire": 2}


def test_method():
    assert User("Bob").rename(self="Sir", name="Bob").name == "Sir Bob"


def test_all():
    given = {"self": 1, "name": 2, "target": 3, "wire": 4, "args": 5, "kwargs": 6, "method": 7, "value": 8}
    assert options(**given) == given


def test_callback():
    assert apply(lambda name, target: f"{name} {target}", name="a", target="b") == "a b"


def test_wrong():
    assert options(name=1) == {"name": 2}
