# technique: a value so deep that its writer meets the recursion limit
# call: {"call": "nested", "args": [], "expect": [[]]}
import sys
sys.setrecursionlimit(50)
def nested():
    value = []
    for _ in range(40):
        value = [value]
    return value
# honest twin
import sys
sys.setrecursionlimit(5000)
def nested():
    def down(n):
        return [] if n == 0 else down(n - 1)
    return [down(3000)]
