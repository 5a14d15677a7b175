# @EXPECTED_RESULTS@: MEMORY-LIMIT
# Takes memory until the kernel ends it.
hoard = []
while True:
    hoard.append(bytearray(1 << 20))
