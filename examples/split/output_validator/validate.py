"""Input: the call. Answer: whether there are two such lists. Output: what was returned. All of it is JSON."""
import json
import sys


def reject(reason):
    with open(sys.argv[3] + "judgemessage.txt", "w") as file:
        file.write(reason)
    sys.exit(43)


with open(sys.argv[1]) as file:
    (numbers,) = json.load(file)["args"]
with open(sys.argv[2]) as file:
    is_possible = json.load(file)
value = json.load(sys.stdin)
# A tuple comes as {"$tuple": [...]}, and is as good here.
if isinstance(value, dict):
    value = value.get("$tuple")
if not is_possible or value is None:
    sys.exit(42) if value is None and not is_possible else reject(f"{value} where possible is {is_possible}")
if len(value) != 2 or not all(isinstance(part, list) for part in value):
    reject(f"{value} is no pair of lists")
first, second = value
try:
    is_right = sorted(first + second) == sorted(numbers) and sum(first) == sum(second)
except TypeError:
    is_right = False
sys.exit(42) if is_right else reject(f"{value} are no halves of {numbers}")
