import csv
import io
import json


def count_lines(text):
    return len(text.splitlines())


def parse_csv(stream):
    return list(csv.reader(stream))


def dump(value, stream):
    json.dump(value, stream)


def summarize(lines):
    return {"lines": len(lines), "longest": max(lines, key=len)}


def read_from(stream):
    return stream.read().upper()


def to_text(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue()
# tests
import io

import pytest
from solution import count_lines, dump, parse_csv, read_from, summarize, to_text


def test_tmp_path(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("a\nb\n")
    assert count_lines(file.read_text()) == 2


def test_tmpdir(tmpdir):
    file = tmpdir.join("x")
    file.write("abc")
    assert count_lines(file.read()) == 1


def test_string_io():
    assert read_from(io.StringIO("abc")) == "ABC"


def test_csv():
    assert parse_csv(io.StringIO("a,b\n1,2\n")) == [["a", "b"], ["1", "2"]]
    assert to_text([[1, 2]]) == "1,2\r\n"


def test_dump():
    stream = io.StringIO()
    dump({"a": [1]}, stream)
    assert stream.getvalue() == '{"a": [1]}'


def test_lines(tmp_path):
    (tmp_path / "w").write_text("one three")
    assert summarize((tmp_path / "w").read_text().split()) == {"lines": 2, "longest": "three"}


def test_tmp_path_factory(tmp_path_factory):
    assert tmp_path_factory.mktemp("x").is_dir()
