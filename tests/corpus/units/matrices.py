def multiply(a, b):
    if len(a[0]) != len(b):
        raise ValueError(f"{len(a[0])} != {len(b)}")
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]
def transpose(m):
    return [list(r) for r in zip(*m)]
def spiral(m):
    out = []
    while m:
        out += m.pop(0)
        m = [list(r) for r in zip(*m)][::-1]
    return out
# tests
import pytest
import solution as s
I = [[1, 0], [0, 1]]
class TestMultiply:
    def test_identity(self):
        assert s.multiply(I, [[1, 2], [3, 4]]) == [[1, 2], [3, 4]]
    def test_sizes(self):
        with pytest.raises(ValueError, match=r"2 != 1"):
            s.multiply(I, [[1, 2]])
class TestTranspose:
    @pytest.mark.parametrize("m", [[[1]], [[1, 2], [3, 4]], [[1, 2, 3]]])
    def test_twice(self, m):
        assert s.transpose(s.transpose(m)) == m
    def test_wrong(self):
        assert s.transpose([[1, 2]]) == [[1, 2]]
def test_spiral_takes_its_argument_apart():
    m = [[1, 2], [3, 4]]
    assert s.spiral(m) == [1, 2, 4, 3]
    assert m == [[3, 4]]
