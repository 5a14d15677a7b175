# Wrong indentation.
# ends: exit 1
if True:
print("x")
