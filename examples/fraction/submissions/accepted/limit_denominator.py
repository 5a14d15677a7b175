from fractions import Fraction

found = Fraction(input()).limit_denominator(int(input()))
print(found.numerator, found.denominator)
