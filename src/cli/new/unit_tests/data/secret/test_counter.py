import pytest

from solution import Counter


@pytest.mark.parametrize("numbers", [[], [1, 2], [10**12, 10**12], [5, -5]])
def test_sum(numbers):
    counter = Counter()
    for number in numbers:
        counter.add(number)
    assert counter.total() == sum(numbers)


def test_each_counts_for_itself():
    first, second = Counter(), Counter()
    first.add(1)
    assert second.total() == 0


def test_no_number():
    with pytest.raises(TypeError):
        Counter().add("1")
