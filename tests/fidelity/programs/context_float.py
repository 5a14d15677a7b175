# How numbers are shown, computed and rounded.
import fractions, math, cmath, statistics
print(0.1 + 0.2, round(2.5), 1e16, 5e-324, float("nan"), -0.0, fractions.Fraction("0.125"), math.fsum([0.1] * 10), cmath.sqrt(-1), statistics.mean([1, 2, 4]), 2 ** 0.5, 10 ** 30, divmod(-7, 2))
