import hashlib
def digest(b):
    return hashlib.sha256(b).hexdigest()[:8]
def flip(b):
    return bytes(255 - x for x in b)
# tests
import pytest
from solution import digest, flip


def test_0():
    assert digest(b'') == 'e3b0c442'


def test_1():
    assert flip(b'\x00\xff') == b'\xff\x00'


def test_2():
    assert flip(flip(b'abc')) == b'abc'


def test_that_fails():
    assert digest(b'a') == 'e3b0c442'


@pytest.mark.parametrize('n', [1, 2])
def test_arity(n):
    with pytest.raises(TypeError):
        digest(*range(9), n)
