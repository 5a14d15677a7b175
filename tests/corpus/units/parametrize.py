def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))


def fizz(n):
    return "FizzBuzz" if n % 15 == 0 else "Fizz" if n % 3 == 0 else "Buzz" if n % 5 == 0 else str(n)


def convert(value, unit="m"):
    return {"m": value, "km": value / 1000}[unit]
# tests
import pytest
from solution import convert, fizz, is_prime


@pytest.mark.parametrize("n", [2, 3, 5, 7, 97])
def test_primes(n):
    assert is_prime(n)


@pytest.mark.parametrize("n, expected", [(1, False), (4, False), (9, True), pytest.param(8, False, id="eight")])
def test_table(n, expected):
    assert is_prime(n) is expected


@pytest.mark.parametrize("n", [3, 6])
@pytest.mark.parametrize("suffix", ["", "!"])
def test_product(n, suffix):
    assert fizz(n) + suffix == "Fizz" + suffix


@pytest.mark.parametrize(
    "value, unit, expected",
    [(1, "m", 1), (1500, "km", 1.5), pytest.param(1, "mile", 0, marks=pytest.mark.xfail(raises=KeyError))],
    ids=["metre", "kilometre", "mile"],
)
def test_units(value, unit, expected):
    assert convert(value, unit) == expected


@pytest.mark.parametrize("function, argument, result", [(is_prime, 7, True), (fizz, 5, "Buzz")])
def test_functions(function, argument, result):
    assert function(argument) == result


@pytest.mark.parametrize("text", ["ä", "a\nb", ""])
def test_names(text):
    assert fizz(1) == "1"


@pytest.mark.skip(reason="later")
def test_skipped():
    assert False


@pytest.mark.skipif(fizz(3) == "Fizz", reason="depends on the program")
def test_skipped_by_value():
    assert False


@pytest.mark.xfail
def test_expected_failure():
    assert fizz(3) == "Buzz"


@pytest.mark.xfail(strict=True)
def test_unexpected_pass():
    assert fizz(3) == "Fizz"
