import sys

feedback = sys.argv[3]
sys.stdin.read()
with open(feedback + "nextpass.in", "w") as file:
    file.write("2")
sys.exit(43)
