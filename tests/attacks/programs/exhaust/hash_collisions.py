# technique: a million integers with the same hash in one dictionary
# source: oCERT-2011-003
# verdict: TLE
# invariant: slow data structures are CPU time
# without: seccomp capabilities
modulus = 2**61 - 1
table = {}
for number in range(10**6):
    table[number * modulus] = number
print(len(table))
