task, word = input().split()
if task == "encode":
    print("".join(chr(ord("A") + ord(letter) // 16) + chr(ord("A") + ord(letter) % 16) for letter in word))
else:
    print("".join(chr((ord(a) - 65) * 16 + ord(b) - 65) for a, b in zip(word[::2], word[1::2])))
