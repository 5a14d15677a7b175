def fact(n):
    if n < 0: raise ValueError
    return 1 if n == 0 else n * fact(n - 1)
def fib(n, memo={}):
    if n < 2: return n
    if n not in memo: memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]
def hanoi(n, a="A", b="B", c="C"):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)
def flatten(x):
    return [z for y in x for z in flatten(y)] if isinstance(x, list) else [x]
# tests
import math
import pytest
from solution import fact, fib, flatten, hanoi
def test_fact(): assert fact(20) == math.factorial(20) and fact(100) == math.factorial(100)
def test_fact_negative():
    with pytest.raises(ValueError): fact(-1)
def test_fib(): assert fib(90) == 2880067194370816120
def test_hanoi(): assert len(hanoi(6)) == 63 and hanoi(1) == [("A", "C")]
def test_flatten(): assert flatten([1, [2, [3, []]]]) == [1, 2, 3]
def test_deep():
    with pytest.raises(RecursionError): fact(100000)
