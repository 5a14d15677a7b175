import sys

feedback = sys.argv[3]
sys.stdin.read()
with open(feedback + "score_multiplier.txt", "w") as file:
    file.write("0.5")
sys.exit(42)
