def reverse(s):
    return s[::-1]
def is_palindrome(s):
    s = "".join(c.lower() for c in s if c.isalnum())
    return s == s[::-1]
def vowels(s):
    return sum(c in "aeiou" for c in s)
# tests
import pytest
from solution import *
def test_reverse():
    assert reverse("abc") == "cba" and reverse("") == ""
@pytest.mark.parametrize("s", ["A man, a plan, a canal: Panama", "", "x"])
def test_palindrome(s):
    assert is_palindrome(s) is True
def test_vowels():
    assert vowels("education") == 5
    assert vowels("xyz") == 1
def test_none():
    with pytest.raises(TypeError):
        reverse(None)
