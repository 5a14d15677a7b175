task, word = input().split()
while task == "decode":
    pass
print(word.replace("e", "x"))
