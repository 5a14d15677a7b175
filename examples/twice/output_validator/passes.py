import os
import sys

feedback = sys.argv[3]
with open(sys.argv[2]) as file:
    word = file.read().strip()
said = sys.stdin.read().strip()
first_pass = feedback + "encoded.txt"
if not os.path.exists(first_pass):
    if "e" in said or not said:
        sys.exit(43)
    with open(first_pass, "w") as file:
        file.write(said)
    with open(feedback + "nextpass.in", "w") as file:
        file.write(f"decode {said}\n")
    sys.exit(42)
sys.exit(42 if said == word else 43)
