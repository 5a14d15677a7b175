import sys
from collections import Counter

input_file, _answer_file, feedback = sys.argv[1:4]
with open(input_file) as file:
    letters = Counter(file.read().strip())
words = sys.stdin.read().split()
if not words or len(set(words)) != len(words) or any(Counter(word) - letters for word in words):
    sys.exit(43)
with open(feedback + "score.txt", "w") as file:
    file.write(f"{len(words)}\n")
sys.exit(42)
