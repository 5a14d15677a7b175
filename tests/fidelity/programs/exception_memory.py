# Memory that cannot be had.
# ends: exit 1
print("before")
x = bytearray(1 << 62)
