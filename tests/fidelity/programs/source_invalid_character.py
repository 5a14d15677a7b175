# A character that is no Python.
# ends: exit 1
print(“curly”)
