# An uncaught exception.
# ends: exit 1
print("out")
def f(x):
    return x / 0
f(1)
