# technique: returns the exception instead of raising it
# call: {"call": "check", "args": [-1], "raises": "ValueError"}
def check(number):
    return ValueError()
# honest twin
def check(number):
    raise ValueError(number)
