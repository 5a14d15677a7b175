def counter():
    n = 0
    def up():
        nonlocal n
        n += 1
        return n
    return up
def adder(k): return lambda x: x + k
def memo(f):
    cache = {}
    def g(x):
        if x not in cache: cache[x] = f(x)
        return cache[x]
    g.cache = cache
    return g
@memo
def square(x): return x * x
# tests
from solution import adder, counter, memo, square
def test_counter():
    a, b = counter(), counter()
    assert [a(), a(), b()] == [1, 2, 1]
def test_adder(): assert list(map(adder(2), [1, 2])) == [3, 4]
def test_memo_of_a_function_of_the_tests():
    calls = []
    @memo
    def slow(x):
        calls.append(x)
        return -x
    assert slow(1) == slow(1) == -1 and calls == [1]
def test_attribute(): assert square(3) == 9 and square.cache == {3: 9}
def test_name(): assert square.__name__ == "g" and counter.__name__ == "counter"
