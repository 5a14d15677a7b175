# Frames of lambdas, comprehensions, generators and classes.
# ends: exit 1
def generator():
    yield from (1 // x for x in [1, 0])
class Body:
    value = [(lambda y: [z for z in generator()])(x) for x in [1]]
