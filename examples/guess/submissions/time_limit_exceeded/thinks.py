# @EXPECTED_RESULTS@: TIMELIMIT
print(500, flush=True)
while True:
    pass
