# technique: a generator that would answer when it is asked
# call: {"call": "numbers", "args": [], "expect": [1, 2]}
def numbers():
    return (number for number in [1, 2])
# honest twin
def numbers():
    return [number for number in (1, 2)]
