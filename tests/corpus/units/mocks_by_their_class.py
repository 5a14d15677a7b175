class Repo:
    def __init__(self, path):
        self._path, self._number, self._about, self._wire = path, 7, "a repository", None
    def find(self, key):
        raise OSError(key)
    def _ask(self):
        return self._number + 1
def name_of(repo, key):
    return repo.find(key).upper()
def first_line(opened):
    with opened as file:
        return file.readline()
# tests
from unittest.mock import MagicMock, Mock

from solution import Repo, first_line, name_of


def test_what_is_called():
    repo = Mock(spec=Repo)
    repo.find.return_value = "ann"
    assert name_of(repo, 3) == "ANN" and isinstance(repo, Repo)
    repo.find.assert_called_once_with(3)


def test_two_of_them():
    one, other = Mock(spec=Repo), Mock(spec=Repo)
    assert one == one and one != other and one in [other, one]


def test_with():
    opened = MagicMock()
    opened.__enter__.return_value.readline.return_value = "one"
    assert first_line(opened) == "one"
    opened.__exit__.assert_called_once_with(None, None, None)


def test_private_names():
    repo = Repo("x")
    assert (repo._path, repo._number, repo._about, repo._wire) == ("x", 7, "a repository", None)
    assert repo._ask() == 8
