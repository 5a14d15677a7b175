class Money:
    __slots__ = ("amount", "currency")
    def __init__(self, amount, currency="EUR"): self.amount, self.currency = amount, currency
    def __repr__(self): return f"Money({self.amount}, {self.currency!r})"
    def __str__(self): return f"{self.amount:.2f} {self.currency}"
    def __format__(self, spec): return format(self.amount, spec or ".1f")
    def __add__(self, o):
        if not isinstance(o, Money): return NotImplemented
        if o.currency != self.currency: raise ValueError("currencies differ")
        return Money(self.amount + o.amount, self.currency)
    def __radd__(self, o): return self if o == 0 else NotImplemented
    def __floordiv__(self, n): return Money(self.amount // n, self.currency)
    def __divmod__(self, n): return divmod(self.amount, n)
    def __round__(self, n=0): return round(self.amount, n)
    def __index__(self): return int(self.amount)
    def __bool__(self): return self.amount != 0
    def __getattr__(self, name):
        if name == "cents": return self.amount * 100
        raise AttributeError(f"no {name}")
# tests
import pytest
from solution import Money
def test_text(): assert str(Money(3)) == "3.00 EUR" and repr(Money(3)) == "Money(3, 'EUR')" and f"{Money(2):.3f}" == "2.000"
def test_percent(): assert "%s" % Money(1) == "1.00 EUR" and "{}".format(Money(1)) == "1.0"
def test_add(): assert (Money(1) + Money(2)).amount == 3
def test_sum(): assert sum([Money(1), Money(2)]).amount == 3
def test_currencies():
    with pytest.raises(ValueError, match="differ"): Money(1) + Money(1, "USD")
def test_kinds():
    with pytest.raises(TypeError): Money(1) + "x"
    with pytest.raises(TypeError): 5 + Money(1)
def test_division(): assert (Money(7) // 2).amount == 3
def test_round(): assert round(Money(1.26), 1) == 1.3 and list(range(5))[Money(2)] == 2
def test_getattr():
    assert Money(2).cents == 200
    with pytest.raises(AttributeError, match="no euros"): Money(2).euros
def test_slots():
    with pytest.raises(AttributeError): Money(1).other = 3
