# Memory that is used and given back, a few times over.
for _ in range(6):
    data = bytearray(b"x") * (200 << 20)
    del data
print("enough")
