# All counters count together.
class Counter:
    _numbers = []

    def add(self, n):
        self._numbers.append(n + 0)

    def total(self):
        return sum(self._numbers)
