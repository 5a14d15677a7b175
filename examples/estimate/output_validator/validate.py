import math
import sys

input_file, _answer_file, feedback = sys.argv[1:4]
with open(input_file) as file:
    root = math.sqrt(int(file.read()))
try:
    (word,) = sys.stdin.read().split()
    error = abs(float(word) - root) / root
except ValueError:
    sys.exit(43)
shares = [share for bound, share in ((0.01, 1), (0.1, 0.5), (0.5, 0.1)) if error < bound]
if not shares:
    sys.exit(43)
with open(feedback + "score_multiplier.txt", "w") as file:
    file.write(f"{max(shares)}\n")
sys.exit(42)
