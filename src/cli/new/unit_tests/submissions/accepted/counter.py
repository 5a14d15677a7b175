class Counter:
    def __init__(self):
        self._total = 0

    def add(self, n):
        self._total += n

    def total(self):
        return self._total
