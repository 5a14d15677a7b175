#!/usr/bin/env python3
import sys

ACCEPT, REJECT, QUESTIONS = 42, 43, 10


def finish(code, message):
    with open(sys.argv[3] + "judgemessage.txt", "w") as file:
        file.write(message + "\n")
    sys.exit(code)


def main():
    with open(sys.argv[1]) as file:
        secret = int(file.read())
    for question in range(1, QUESTIONS + 1):
        line = sys.stdin.readline()
        if not line:
            finish(REJECT, "the submission said no more")
        try:
            guess = int(line)
        except ValueError:
            finish(REJECT, f"no number: {line[:50]!r}")
        if guess == secret:
            print("correct", flush=True)
            finish(ACCEPT, f"found with {question} questions")
        print("lower" if secret < guess else "higher", flush=True)
    finish(REJECT, "too many questions")


main()
