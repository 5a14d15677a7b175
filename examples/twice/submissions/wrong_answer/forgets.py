task, word = input().split()
print(word.replace("e", "x") if task == "encode" else word)
