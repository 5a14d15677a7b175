class Temperature:
    def __init__(self, c):
        if c < -273.15: raise ValueError("below absolute zero")
        self._c = c
    @property
    def celsius(self): return self._c
    @celsius.setter
    def celsius(self, c):
        if c < -273.15: raise ValueError("below absolute zero")
        self._c = c
    @property
    def fahrenheit(self): return self._c * 9 / 5 + 32
    @classmethod
    def from_fahrenheit(cls, f): return cls((f - 32) * 5 / 9)
# tests
import pytest
from solution import Temperature
class TestTemperature:
    @pytest.fixture(autouse=True)
    def make(self): self.t = Temperature(100)
    def test_get(self): assert self.t.celsius == 100 and self.t.fahrenheit == 212
    def test_set(self):
        self.t.celsius = 0
        assert self.t.fahrenheit == 32
    def test_zero(self):
        with pytest.raises(ValueError, match="absolute"): self.t.celsius = -300
        with pytest.raises(ValueError): Temperature(-274)
    def test_read_only(self):
        with pytest.raises(AttributeError): self.t.fahrenheit = 1
    def test_from(self): assert Temperature.from_fahrenheit(212).celsius == pytest.approx(100)
    class TestNested:
        def test_inner(self): assert Temperature(1).celsius == 1
class Helper:
    def test_is_not_collected(self): assert False
