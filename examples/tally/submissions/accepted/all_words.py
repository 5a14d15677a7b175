from itertools import permutations

word = input()
print(*{"".join(letters) for length in range(1, len(word) + 1) for letters in permutations(word, length)})
