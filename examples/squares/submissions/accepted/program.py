from math import isqrt

left = int(input())
while left:
    print(isqrt(left))
    left -= isqrt(left) ** 2
