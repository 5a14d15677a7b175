from constants import MODULUS

left, right = map(int, input().split())
print(left * right % MODULUS)
