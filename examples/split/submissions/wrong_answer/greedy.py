def split(numbers):
    first, second = [], []
    for number in sorted(numbers, reverse=True):
        (first if sum(first) <= sum(second) else second).append(number)
    return [first, second] if sum(first) == sum(second) else None
