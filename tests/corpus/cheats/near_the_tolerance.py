# technique: a number a little outside of the tolerance
# call: {"call": "half", "args": [1], "expect": 0.5, "compare": {"mode": "approximate", "abs": 1e-6}}
def half(a):
    return a / 2 + 1.001e-6
# honest twin
def half(a):
    return a / 2 + 0.999e-6
