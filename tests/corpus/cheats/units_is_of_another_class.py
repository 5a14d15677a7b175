# technique: objects of the wrong class, with attributes that should not be there, where a test asks for `type` and `vars`
class Animal:
    def __init__(self): self.secret = 1
class Dog(Animal): pass
class Cat(Animal): pass
def make(kind):
    return Dog()
# honest twin
class Animal: pass
class Dog(Animal): pass
class Cat(Animal): pass
def make(kind):
    return {"dog": Dog, "cat": Cat}[kind]()
# tests
import solution
from solution import Cat, Dog, make


def test_type():
    assert type(make("cat")) is type(Cat())


def test_type_equals():
    assert type(make("cat")) == Cat


def test_type_is_not():
    assert type(make("cat")) is not Dog
    assert type(make("cat")) != solution.Dog


def test_class():
    assert make("cat").__class__ is Cat
    assert make("cat").__class__.__name__ == "Cat"


def test_vars():
    assert "secret" not in vars(make("dog"))


def test_dict():
    assert make("dog").__dict__ == {}
