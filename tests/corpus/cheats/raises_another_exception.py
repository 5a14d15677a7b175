# technique: an exception whose text and repr say that it is the one that is expected
# call: {"call": "check", "args": [-1], "raises": "ValueError"}
class Lie(Exception):
    def __str__(self): return "ValueError"
    def __repr__(self): return "ValueError()"
def check(number):
    raise Lie("ValueError")
# honest twin
class Negative(ValueError):
    pass
def check(number):
    if number < 0:
        raise Negative(number)
