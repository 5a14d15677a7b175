# Marks under the part of the line that failed, behind wide characters and tabs.
# ends: exit 1
d = {"a": {"b": None}}
def f():
	return "äöü€😀" + d["a"]["b"]["c"] + "end"
f()
