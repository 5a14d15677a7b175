# A statement over several lines, with the marks under its parts.
# ends: exit 1
def f(a, b): return a[b]
value = (f([1, 2],
           0) +
         f([1],
           5))
