import sys


def greet(name):
    print(f"Hello, {name}!")


def table(n):
    for i in range(1, n + 1):
        print(i, i * i, sep="\t")
    return n


def warn():
    print("careful", file=sys.stderr)


def leave(code):
    print("bye")
    sys.exit(code)
# tests
import pytest
from solution import greet, leave, table


def test_greeting(capsys):
    greet("Ada")
    assert capsys.readouterr().out == "Hello, Ada!\n"


def test_between(capsys):
    print("before")
    greet("A")
    print("after")
    assert capsys.readouterr().out == "before\nHello, A!\nafter\n"


def test_twice(capsys):
    greet("A")
    capsys.readouterr()
    greet("B")
    out, err = capsys.readouterr()
    assert out == "Hello, B!\n" and err == ""


def test_table(capsys):
    assert table(3) == 3
    assert capsys.readouterr().out.splitlines() == ["1\t1", "2\t4", "3\t9"]


def test_wrong(capsys):
    greet("Ada")
    assert capsys.readouterr().out == "hello, Ada!\n"


@pytest.mark.parametrize("code", [0, 1, "text", None])
def test_exit(code, capsys):
    with pytest.raises(SystemExit) as caught:
        leave(code)
    assert caught.value.code == code
    assert capsys.readouterr().out == "bye\n"


def test_exit_that_nobody_expects():
    leave(0)


def test_fd(capfd):
    greet("fd")
    assert capfd.readouterr().out == "Hello, fd!\n"
