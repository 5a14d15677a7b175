class Service:
    def __init__(self, api, clock=None): self.api, self.clock = api, clock
    def latest(self):
        items = self.api.list(limit=2)
        return max(items, key=lambda i: i["at"])["id"]
    def remove(self, i):
        try: self.api.delete(i)
        except KeyError: return False
        return True
    def stamp(self): return f"at {self.clock()}"
    def use(self):
        with self.api.lock() as name: return name * 2
    def names(self): return [n.upper() for n in self.api]
    def config(self): return self.api.settings["depth"] + len(self.api)
# tests
from unittest.mock import MagicMock, Mock, call
import pytest
from solution import Service
def test_stub():
    api = Mock(); api.list.return_value = [{"at": 1, "id": "x"}, {"at": 3, "id": "y"}]
    assert Service(api).latest() == "y"
    assert api.mock_calls == [call.list(limit=2)]
def test_error():
    api = Mock(); api.delete.side_effect = KeyError("gone")
    assert Service(api).remove(3) is False
    api.delete.assert_called_once_with(3)
def test_clock(): assert Service(None, clock=lambda: 7).stamp() == "at 7"
def test_magic():
    api = MagicMock(); api.lock.return_value.__enter__.return_value = "ab"
    assert Service(api).use() == "abab"
def test_iter():
    api = MagicMock(); api.__iter__.return_value = iter(["a", "b"])
    assert Service(api).names() == ["A", "B"]
class Fake:
    settings = {"depth": 3}
    def __len__(self): return 4
    def __iter__(self): return iter(("p", "q"))
def test_fake(): assert Service(Fake()).config() == 7 and Service(Fake()).names() == ["P", "Q"]
def test_spec():
    api = Mock(spec=["list"])
    with pytest.raises(AttributeError): Service(api).remove(1)
def test_wrong():
    api = Mock(); Service(api).remove(1)
    api.delete.assert_called_once_with(2)
