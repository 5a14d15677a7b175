import sys

word = sys.stdin.read().strip()
if len(word) > 100 or word.strip("a"):
    sys.exit(43)
with open(sys.argv[3] + "score.txt", "w") as file:
    file.write(f"{len(word)}\n")
sys.exit(42)
