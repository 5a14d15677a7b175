# @EXPECTED_RESULTS@: MEMORY-LIMIT
# Asks for more than there is; Python answers with MemoryError.
huge = bytearray(1 << 62)
