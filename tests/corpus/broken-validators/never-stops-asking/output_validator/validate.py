import sys

with open(sys.argv[3] + "nextpass.in", "w") as file:
    file.write("again\n")
sys.exit(42)
