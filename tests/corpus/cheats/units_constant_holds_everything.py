# technique: puts an object that holds everything under the name of a constant, which begins with a capital as classes do
class Everything(type):
    def __contains__(self, item): return True
    def startswith(self, text): return True
    def find(self, text): return 0
PRIMES = type("T", (), {"__contains__": lambda self, item: True, "startswith": lambda self, text: True})()
GREETING = PRIMES
class WORDS(metaclass=Everything): pass
Letters = type("L", (), {"__contains__": lambda self, item: True})()
# honest twin
PRIMES = {2, 3, 5, 7}
GREETING = "Hello, world"
WORDS = "a and b"
Letters = "abc"
# tests
import solution
from solution import GREETING, PRIMES, WORDS, Letters


def test_in():
    assert 7 in PRIMES and 5 in PRIMES


def test_in_the_module():
    assert 7 in solution.PRIMES


def test_starts():
    assert GREETING.startswith("Hello")


def test_in_a_class():
    assert "and" in WORDS


def test_found():
    assert WORDS.find("a") == 0


def test_one_capital():
    assert "b" in Letters
