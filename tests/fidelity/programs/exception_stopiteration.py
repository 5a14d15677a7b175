# A StopIteration that escapes from a generator.
# ends: exit 1
def g():
    yield next(iter([]))
list(g())
