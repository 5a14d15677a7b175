class Solution:
    def median(self, numbers):
        ordered, middle = sorted(numbers), len(numbers) // 2
        if len(numbers) % 2:
            return ordered[middle]
        return (ordered[middle - 1] + ordered[middle]) / 2


def smallest(numbers, count):
    return sorted(numbers)[:count]


def sort(numbers):
    numbers.sort()


def bounds(numbers):
    return min(numbers), max(numbers)
