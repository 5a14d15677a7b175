# Hashes of numbers and of what is made of them are always the same.
import decimal, fractions, datetime
print(hash(1), hash(-1), hash(1.5), hash(1 << 70), hash((1, 2)), hash(True), hash(frozenset([1, 2])), hash(decimal.Decimal("1.5")), hash(fractions.Fraction(1, 3)), hash(float("inf")), hash(range(3)), hash(1j))
print({3, 1, 2, 100, -5}, {1.5: 0, 2: 1}, set(range(10)))
