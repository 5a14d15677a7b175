# technique: modules that are loaded before the program are changed in place: json, re, collections, numpy
# source: THREATS: sys.modules; libraries that are imported ahead
# verdict: WA
# invariant: a module is as it was imported, in every test
# without: seccomp
import collections, json, math, random, re, sys

for module in (collections, json, math, random, re, sys):
    if getattr(module, "left", None) or module.__dict__.get("left"):
        print("LEAKED", module)
    module.left = True
if "made up" in sys.modules or json.loads("1") != 1 or re.compile("x").match("y"):
    print("LEAKED")
sys.modules["made up"] = sys
json.loads = lambda text: 2
re._cache["left"] = 1
random.seed(7)
print("held")
