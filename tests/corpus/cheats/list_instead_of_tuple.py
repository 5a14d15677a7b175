# technique: another type with the same items
# call: {"call": "pair", "args": [], "expect": {"$tuple": [1, 2]}}
def pair():
    return [1, 2]
# honest twin
def pair():
    return 1, 2
