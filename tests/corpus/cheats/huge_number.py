# technique: numbers that take long to write, to read or to compare
# call: {"call": "number", "args": [], "expect": 1}
import decimal
def number():
    return [1 << 3_000_000, decimal.Decimal("1E+999999999999999999")]
# honest twin
def number():
    return (1 << 30_000) >> 30_000
