n = int(input())
signs = ""
while n > 1:
    signs += "+" if n % 2 else "*"
    n = n - 1 if n % 2 else n // 2
print(signs[::-1])
