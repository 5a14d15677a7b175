import os
import sys

input_file, _answer_file, feedback = sys.argv[1:4]
BATON = feedback + "baton.txt"


def note(message):
    with open(feedback + "judgemessage.txt", "a") as file:
        file.write(message + "\n")


def first_pass():
    with open(input_file) as file:
        print("encode", file.read().strip(), flush=True)
    word = sys.stdin.readline().strip()
    if not 1 <= len(word) <= 10 or set(word) - {"a", "b"}:
        note(f"bad word: {word[:20]!r}")
        sys.exit(43)
    note(f"the word is {word}")
    with open(BATON, "w") as file:
        file.write(word)
    # It asks for a second pass, and is the input file of this validator in it.
    with open(input_file) as number, open(feedback + "nextpass.in", "w") as file:
        file.write(number.read())
    sys.exit(42)


def second_pass():
    with open(BATON) as file:
        print("decode", file.read(), flush=True)
    with open(input_file) as file:
        right = sys.stdin.readline().strip() == file.read().strip()
    note("decoded" if right else "not decoded")
    sys.exit(42 if right else 43)


if os.path.exists(BATON):
    second_pass()
else:
    first_pass()
