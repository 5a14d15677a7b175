import sys


def main():
    words = sys.stdin.buffer.read().split()
    numbers = sorted(map(int, words[1:]))
    sys.stdout.write("\n".join(map(str, numbers)) + "\n")


main()

# The right answer does not help when the program says that it failed.
raise SystemExit(3)
