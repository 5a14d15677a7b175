# technique: many numbers that are short, and long when they are written out
# call: {"call": "numbers", "args": [], "expect": [1]}
import decimal
def numbers():
    return [decimal.Decimal("1E-6000")] * 40_000
# honest twin
import decimal
def numbers():
    return [decimal.Decimal("1E-6000") * decimal.Decimal("1E+6000")]
