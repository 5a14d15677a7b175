task, word = input().split()
if task == "decode":
    raise RuntimeError("only the second pass crashes")
print(word.replace("e", "x"))
