from solution import Counter


def test_total():
    counter = Counter()
    counter.add(3)
    assert counter.total() == 3
