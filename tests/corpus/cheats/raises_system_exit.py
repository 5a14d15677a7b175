# technique: raises SystemExit(0) in the call
def add(a, b):
    raise SystemExit(0)
# honest twin
def add(a, b):
    try:
        raise SystemExit(0)
    except SystemExit:
        return a + b
