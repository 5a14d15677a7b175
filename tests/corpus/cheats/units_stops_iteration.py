# technique: ends the loop of a test that calls it
def square(n):
    raise StopIteration
def words(text):
    raise GeneratorExit
# honest twin
def square(n):
    return n * n
def words(text):
    return text.split()
# tests
from solution import square, words


def test_map():
    for n, found in enumerate(map(square, range(3))):
        assert found == n * n


def test_all():
    assert all(square(n) == n * n for n in range(3))


def test_generator():
    assert sum(square(n) for n in (1, 2)) == 5


def test_words():
    assert words("a b") == ["a", "b"]


def test_iter():
    assert [*map(words, ["a", "b c"])] == [["a"], ["b", "c"]]
