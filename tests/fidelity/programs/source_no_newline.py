# The last line has no end.
def f():
    return 'x'
print(f())