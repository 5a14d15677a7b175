import sys

feedback = sys.argv[3]
sys.stdin.read()
with open(feedback + "score.txt", "w") as file:
    file.write("1")
sys.exit(43)
