def total(orders): return round(sum(o["price"] * o.get("n", 1) for o in orders), 2)
def by(items, key):
    out = {}
    for i in items: out.setdefault(i[key], []).append(i)
    return out
def merge(a, b): return {**a, **{k: a.get(k, 0) + v for k, v in b.items()}}
# tests
import json
import pytest
from solution import by, merge, total
DATA = json.loads('[{"price": 1.5, "n": 2, "t": "a"}, {"price": 2, "t": "b"}, {"price": 0.1, "t": "a"}]')
@pytest.fixture(scope="module")
def data(): return DATA
def test_total(data): assert total(data) == 5.1
def test_by(data): assert {k: len(v) for k, v in by(data, "t").items()} == {"a": 2, "b": 1}
def test_merge(): assert merge({"a": 1}, {"a": 2, "c": 3}) == {"a": 3, "c": 3}
def test_missing(data):
    with pytest.raises(KeyError, match="nope"): by(data, "nope")
def test_untouched(data): assert data is DATA and len(data) == 3
