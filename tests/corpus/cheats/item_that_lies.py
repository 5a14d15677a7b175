# technique: an object that is equal to everything inside of a list
# call: {"call": "numbers", "args": [], "expect": [1, 2]}
class Any:
    def __eq__(self, other): return True
    def __hash__(self): return 1
def numbers():
    return [Any(), Any()]
# honest twin
def numbers():
    return [1, 2]
