class Bad(SyntaxError):
    def __init__(self, text, line):
        super().__init__(text)
        self.lineno, self.text = line, text
class Gone(OSError):
    def __init__(self, path):
        super().__init__("gone")
        self.filename, self.path = path, path
class Unknown(NameError):
    def __init__(self, name): super().__init__("no " + name, name=name)
class Ended(SystemExit):
    def __init__(self, code):
        super().__init__("ended")
        self.code = code
def bad(): raise Bad("a b", 7)
def gone(): raise Gone("x.txt")
def unknown(): raise Unknown("v")
def ended(): raise Ended(4)
def compiled(): compile("a b", "f.py", "exec")
def imported(): import nothing_there
def number(): return (1).foo
def text(): return b"\xff".decode()
# tests
import pytest
from solution import Bad, Ended, Gone, Unknown, bad, compiled, ended, gone, imported, number, text, unknown


def raised(kind, run):
    with pytest.raises(kind) as caught:
        run()
    return caught.value


def test_of_the_program():
    error = raised(Bad, bad)
    assert error.lineno == 7 and error.text == "a b" == error.msg and error.filename is None
    assert raised(Gone, gone).filename == "x.txt" == raised(OSError, gone).path
    assert raised(Unknown, unknown).name == "v" and raised(Ended, ended).code == 4


def test_of_python():
    error = raised(SyntaxError, compiled)
    assert error.lineno == 1 and error.filename == "f.py"
    assert raised(ImportError, imported).name == "nothing_there"
    assert raised(AttributeError, number).name == "foo"
    assert raised(UnicodeError, text).start == 0


def test_made():
    error = Bad("q", 9)
    assert error.lineno == 9 and Gone("f").filename == "f" and Ended(3).code == 3
    error.lineno = 10
    assert error.lineno == 10


def test_lost():
    assert raised(Bad, bad).lineno == 8
