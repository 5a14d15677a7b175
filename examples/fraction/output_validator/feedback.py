import sys


def accept():
    sys.exit(42)


def reject(directory, message):
    with open(directory + "judgemessage.txt", "w") as file:
        file.write(message + "\n")
    sys.exit(43)
