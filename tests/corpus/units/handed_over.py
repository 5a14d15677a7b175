import collections, json
class Row:
    def __init__(self, items): self.items = list(items)
    def __getitem__(self, at): return self.items[at]
    def __setitem__(self, at, value): self.items[at] = value
CONFIG = {"debug": False}
def debug():
    return CONFIG["debug"]
def sort(items):
    items.sort()
def fill(data):
    data[0] = 65
def most(counter):
    return counter.most_common(1)
def add(default, key):
    default[key].append(1)
def rotate(queue):
    queue.rotate(1)
def first(ordered):
    ordered.move_to_end("b", last=False)
def count(text):
    return collections.Counter(text)
def total(items):
    return sum(items)
def lines(file): return [line.strip() for line in file]
def loaded(file): return json.load(file)
def printed(text, file): print(text, file=file)
def group(found): return found.group(1)
def up_to(n):
    return range(n)
# tests
import array
import csv
import io
import itertools
import re
import sys
from collections import ChainMap, Counter, OrderedDict, UserList, defaultdict, deque
from types import MappingProxyType
from unittest import mock

import solution
from solution import Row, add, count, debug, fill, first, group, lines, loaded, most, printed, rotate, sort, total, up_to


def test_slice():
    row = Row([1, 2, 3])
    row[0:2] = [7]
    assert row[:] == [7, 3] and row[::-1] == [3, 7]


def test_by_name():
    items = [2, 1]
    sort(items=items)
    assert items == [1, 2]


def test_bytearray():
    data = bytearray(b"b")
    fill(data)
    assert data == b"A"


def test_collections():
    assert most(Counter("aab")) == [("a", 2)] and count("aab")["z"] == 0
    lists, queue, ordered = defaultdict(list), deque([1, 2, 3], maxlen=5), OrderedDict(a=1, b=2)
    add(lists, "a")
    rotate(queue)
    first(ordered)
    assert lists == {"a": [1]} and queue == deque([3, 1, 2]) and list(ordered) == ["b", "a"]


def test_iterators():
    assert total(reversed([1, 2])) == 3
    assert total({1: 2}.keys()) == 1 and total({1: 2}.values()) == 2
    assert total(itertools.islice(itertools.count(), 3)) == 3
    assert list(zip(up_to(2), "ab")) == [(0, "a"), (1, "b")]
    assert up_to(3) == range(3)


def test_patch_dict():
    with mock.patch.dict(solution.CONFIG, debug=True):
        assert debug() is True
    assert debug() is False


def test_patch_dict_by_name():
    with mock.patch.dict("solution.CONFIG", {"debug": True}):
        assert debug() is True


def test_setitem(monkeypatch):
    monkeypatch.setitem(solution.CONFIG, "debug", True)
    assert debug() is True


def test_wrong():
    assert debug() is True


def test_files(tmp_path, capsys):
    path = tmp_path / "data.json"
    path.write_text('{"a":\n 1}')
    with open(path) as file:
        assert lines(file) == ['{"a":', "1}"]
    with open(path) as file:
        assert loaded(file) == {"a": 1}
    with open(path, "w") as file:
        printed("said", file)
    assert path.read_text() == "said\n"
    printed("said", sys.stdout)
    assert capsys.readouterr().out == "said\n"


def test_values_of_the_library():
    rows = csv.reader(io.StringIO("1,2\n3,4\n"))
    assert [total(map(int, row)) for row in rows] == [3, 7]
    assert total(array.array("i", [1, 2])) == 3 and total(UserList([1])) == 1 and total(memoryview(b"\x01\x02")) == 3
    assert total(MappingProxyType({1: 2})) == 1 and total(ChainMap({1: 2}, {3: 4})) == 4
    assert group(re.match("(a+)", "aab")) == "aa"


def test_reader():
    assert [row[1] for row in csv.reader(lines(io.StringIO("1,2\n")))] == ["2"]
