# technique: a value that holds itself
# call: {"call": "nested", "args": [], "expect": [[]]}
def nested():
    value = []
    value.append(value)
    return value
# honest twin
def nested():
    return [[]]
