# A text without an end.
# ends: exit 1
x = """never
ends
