# A recursion without end: the repeated lines are counted.
# ends: exit 1
def f(n):
    return f(n + 1) + 1
f(0)
