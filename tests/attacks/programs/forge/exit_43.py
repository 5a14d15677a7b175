# technique: exits with 43, "wrong" of a validator, and writes its files
# source: Kattis problem package format: feedback directory
# verdict: RTE
# invariant: files of the submission are no feedback
# without: seccomp
import os

for directory in ("/work", "/tmp", "/work/feedback"):
    os.makedirs(directory, exist_ok=True)
    for name, text in (("score.txt", "100"), ("judgemessage.txt", "right"), ("teammessage.txt", "right"), ("nextpass.in", "x"), ("score_multiplier.txt", "1")):
        with open(f"{directory}/{name}", "w") as file:
            file.write(text)
os._exit(43)
