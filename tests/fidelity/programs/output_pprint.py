# Pretty printing and JSON.
import pprint, json
pprint.pprint({"b": [1, 2, {"c": "x" * 60}], "a": list(range(40))})
print(json.dumps({"ä": [1, None, True, 1.5]}, indent=1), json.dumps("ä😀"))
