# A failed assertion, of which the line is shown.
# ends: exit 1
x = [1, 2]
assert x == [1,
             3], f"x is {x}"
