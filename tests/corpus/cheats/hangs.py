# technique: hangs, so that a harness with a clock of its own counts nothing
def add(a, b):
    while True:
        pass
# honest twin
def add(a, b):
    for _ in range(1000):
        pass
    return a + b
