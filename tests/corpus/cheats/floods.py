# technique: writes without end beside what it returns
def add(a, b):
    while True:
        print("x" * 1000)
# honest twin
def add(a, b):
    print("x" * 1000)
    return a + b
