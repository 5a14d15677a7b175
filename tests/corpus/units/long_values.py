def ordered(numbers):
    return sorted(numbers)


def sort(numbers):
    numbers.sort()


def to_truth(items):
    items[0] = True


def to_float(items):
    items[0] = float(items[0])


def negate(items):
    items[0] = -items[0]


def move_to_end(table, key):
    table[key] = table.pop(key)


def keep(items, call):
    call(3)
    return len(items)
# tests
from solution import keep, move_to_end, negate, ordered, sort, to_float, to_truth


def test_a_long_list():
    numbers = list(range(100_000, 0, -1))
    assert ordered(numbers)[0] == 1
    assert numbers[0] == 100_000


def test_long_numbers():
    assert ordered([10**9 + number for number in range(200_000)])[-1] == 10**9 + 199_999


def test_a_long_list_that_is_changed():
    numbers = list(range(100_000, 0, -1))
    sort(numbers)
    assert numbers == list(range(1, 100_001))


def test_changed_to_what_is_equal():
    items = [1, 2]
    to_truth(items)
    assert items[0] is True
    to_float(items)
    assert type(items[0]) is float
    zeros = [0.0]
    negate(zeros)
    assert str(zeros) == "[-0.0]"


def test_changed_order():
    table = {"a": 1, "b": 2}
    move_to_end(table, "a")
    assert list(table) == ["b", "a"]


def test_what_the_tests_change_meanwhile_stays():
    items = [1, 2]
    keep(items, items.append)
    assert items == [1, 2, 3]
