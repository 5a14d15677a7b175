# technique: a key of a dict that is equal to everything
# call: {"call": "table", "args": [], "expect": {"a": 1}}
class Key(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("a")
def table():
    return {Key("x"): 1}
# honest twin
def table():
    return {"a": 1}
