import pathlib
import sys

print(*sys.argv[1:], sep="\n")
for name in ("words.txt", "more/words.txt"):
    if pathlib.Path(name).exists():
        print(pathlib.Path(name).read_text(), end="")
