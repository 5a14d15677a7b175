# technique: escape sequences that move up and write "AC" over what the judge shows
# source: terminal injection, CVE-2003-0063
# verdict: WA
# invariant: what is shown of an output has no control characters
# without: seccomp
import sys

text = "\x1b[2J\x1b[H\x1b[5A\r AC accepted 3/3 tests\x1b]0;AC\x07\x1b[8m\x9b2J\x1bP+q\x1b\\ \x1b]52;c;QUM=\x07\u202eCA"
print(text)
print(text, file=sys.stderr)
