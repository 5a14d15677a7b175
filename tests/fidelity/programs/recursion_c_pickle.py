# Recursion in C: pickle of what is nested deep, and its comparison.
import pickle, copy
def nest(depth):
    value = []
    for _ in range(depth): value = [value]
    return value
for step in (lambda: pickle.dumps(nest(100_000)), lambda: nest(100_000) == nest(100_000), lambda: copy.deepcopy(nest(100_000)), lambda: hash(eval("(" * 50 + "1" + ",)" * 50))):
    try:
        print(type(step()).__name__)
    except RecursionError as error:
        print(error)
