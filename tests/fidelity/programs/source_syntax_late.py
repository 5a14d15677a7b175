# Errors that the compiler finds after the parser.
# ends: exit 1
def f():
    return
    yield
await_outside = 1
return 5
